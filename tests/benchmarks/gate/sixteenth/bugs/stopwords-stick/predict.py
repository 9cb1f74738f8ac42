"""Finds the words that a text uses most."""

import re
from collections import Counter

from cog import BaseModel, BasePredictor, Input

COMMON = "a an and are as at be by for from has in is it of on or that the this to was with"
WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


class Keyword(BaseModel):
    word: str
    count: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.ignored = set(COMMON.split())

    def predict(
        self,
        text: str = Input(
            description="The text to look through, in English.",
            default="The lamp by the window is an old lamp, and the window is older.",
            max_length=50000,
        ),
        count: int = Input(description="How many words at most.", default=5, ge=1, le=50),
        ignore: list[str] = Input(
            description="Words to leave out of this answer, besides the most common ones.",
            default=[],
        ),
    ) -> list[Keyword]:
        """The most frequent words in lower case, those that come first before equals."""
        ignored = self.ignored
        ignored |= {word.strip().lower() for word in ignore}
        words = [word for word in WORD.findall(text.lower()) if word not in ignored]
        return [
            Keyword(word=word, count=times) for word, times in Counter(words).most_common(count)
        ]
