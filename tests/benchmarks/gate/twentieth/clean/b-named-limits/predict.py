"""Picks the most telling sentences of a text."""

import re
from collections import Counter

from cog import BaseModel, BasePredictor, Input

LONGEST = 4000
SMALL = {"a", "an", "and", "as", "at", "in", "is", "it", "of", "on", "or", "the", "to", "was"}
TEXT = (
    "The bridge was closed on Monday. Engineers found cracks in the bridge. "
    "Buses take another road. The engineers expect the bridge to open in June."
)


class Output(BaseModel):
    """The summary, and whether the end of the text was left unread."""

    summary: str
    sentences: int
    unread: bool


class Predictor(BasePredictor):
    """A summarizer that reads the beginning of a text."""

    def predict(
        self,
        text: str = Input(
            description=(
                "Text to sum up, with at least one letter or digit among its first 4,000 "
                "characters. Only these are read, and `unread` tells whether there were more."
            ),
            default=TEXT,
        ),
        sentences: int = Input(
            description="How many sentences to pick at most; a shorter text gives fewer.",
            default=2,
            ge=1,
            le=10,
        ),
    ) -> Output:
        """Score every sentence by how often its words come in the text."""
        read = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
        parts = [part.strip() for part in re.split(r"(?<=[.!?])\s", read)]
        parts = [part for part in parts if self.words(part)]
        if not parts:
            raise ValueError("text has no words among its first 4,000 characters")
        weights = Counter(word for part in parts for word in self.words(part) if word not in SMALL)
        scores = [self.score(part, weights) for part in parts]
        best = sorted(range(len(parts)), key=lambda at: -scores[at])[:sentences]
        return Output(
            summary=" ".join(parts[at] for at in sorted(best)),
            sentences=len(best),
            unread=len(text) > LONGEST,
        )

    def words(self, sentence: str) -> list[str]:
        return re.findall(r"[^\W_]+", sentence.lower())

    def score(self, sentence: str, weights: Counter) -> float:
        words = self.words(sentence)
        return sum(weights[word] for word in words) / len(words)
