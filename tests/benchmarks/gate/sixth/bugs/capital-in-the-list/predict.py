"""Which of a list of words a message holds."""

import re

from cog import BaseModel, BasePredictor, Input


class Verdict(BaseModel):
    flagged: bool
    words: list[str]


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(description="What was written.", default="This is a scam, friends."),
        blocked: list[str] = Input(
            description="Words to look for. Capitals make no difference.", default=["scam", "spam"]
        ),
        whole_words: bool = Input(description="Only words that stand alone.", default=True),
    ) -> Verdict:
        if len(blocked) > 200:
            raise ValueError("blocked must have at most 200 words")
        text = message.lower()
        edge = r"\b" if whole_words else ""
        found = [
            word for word in blocked if word and re.search(edge + re.escape(word) + edge, text)
        ]
        return Verdict(flagged=bool(found), words=found)
