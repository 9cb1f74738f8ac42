"""Count words, and tell how the counting went."""

import time
from collections import Counter

from cog import BaseModel, BasePredictor, Input


class Report(BaseModel):
    words: int
    commonest: list[str]
    milliseconds: float
    served: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Start the count of requests."""
        self.served = 0

    def predict(
        self,
        text: str = Input(
            description="The text; words are what stands between white space.",
            default="one fish two fish red fish blue fish",
            max_length=20000,
        ),
        top: int = Input(
            description="Name at most this many words, the commonest first, then by alphabet.",
            default=3,
            ge=0,
            le=50,
        ),
    ) -> Report:
        """Return the count and the commonest words, in small letters.

        For people who watch the model there is also the time it took, in milliseconds, and how
        many requests this copy of the model has served since it started, this one included.
        """
        began = time.perf_counter()
        self.served += 1
        counts = Counter(text.lower().split())
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return Report(
            words=counts.total(),
            commonest=ranked[:top],
            milliseconds=round((time.perf_counter() - began) * 1000, 3),
            served=self.served,
        )
