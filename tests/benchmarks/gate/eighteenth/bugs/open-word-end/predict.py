"""Hide words that a forum does not want."""

import re

from cog import BaseModel, BasePredictor, Input


class Verdict(BaseModel):
    text: str
    hidden: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The post.",
            default="What a darn shame, the darn bus left.",
            max_length=10000,
        ),
        words: str = Input(
            description=(
                "Words to hide, apart by commas, of letters alone. Only whole words are hidden; "
                "capitals make no difference."
            ),
            default="darn,heck",
            max_length=1000,
        ),
        mark: str = Input(
            description="What each letter becomes.", default="*", choices=["*", "#", "-"]
        ),
    ) -> Verdict:
        """Return the post with the words hidden and how many there were."""
        blocked = [word.strip() for word in words.split(",") if word.strip()]
        if not all(re.fullmatch(r"[A-Za-z]+", word) for word in blocked):
            raise ValueError("words must be made of English letters")
        if not blocked:
            return Verdict(text=text, hidden=0)
        longest_first = sorted(blocked, key=len, reverse=True)
        pattern = re.compile(r"\b(?:" + "|".join(longest_first) + ")", re.IGNORECASE)
        cleaned, hidden = pattern.subn(lambda match: mark * len(match.group()), text)
        return Verdict(text=cleaned, hidden=hidden)
