"""Sentiment of reviews, with the time that it took."""

import re
import time

from cog import BaseModel, BasePredictor, Input

LEXICON = {"good": 1.0, "great": 2.0, "lovely": 1.5, "bad": -1.0, "awful": -2.0, "slow": -0.5}
NEGATIONS = {"not", "never", "no"}


class Sentiment(BaseModel):
    score: float
    label: str
    took_ms: float
    served: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Count predictions from here on."""
        self.served = 0

    def predict(
        self,
        review: str = Input(
            description="Text of a review.",
            default="Great food, not bad at all, but slow service",
            max_length=5000,
        ),
        scale: str = Input(
            description="Of the score: signed is -1 to 1, unit is 0 to 1.",
            default="signed",
            choices=["signed", "unit"],
        ),
        neutral: float = Input(
            description="Signed scores closer to 0 than this, and 0 itself, are neutral.",
            default=0.1,
            ge=0.0,
            le=1.0,
        ),
    ) -> Sentiment:
        """Score a review. For diagnosis the answer also holds the milliseconds it took and how
        many predictions this process has served; both differ from one request to the next."""
        started = time.perf_counter()
        self.served += 1
        words = re.findall(r"[a-z]+", review.lower())
        total, weight = 0.0, 0.0
        for before, word in zip(["", *words], words, strict=False):
            value = LEXICON.get(word, 0.0)
            total += -value / 2 if before in NEGATIONS else value
            weight += abs(value)
        signed = total / weight if weight else 0.0
        label = "neutral"
        if signed and abs(signed) >= neutral:
            label = "positive" if signed > 0 else "negative"
        score = signed if scale == "signed" else (signed + 1) / 2
        took = (time.perf_counter() - started) * 1000
        return Sentiment(
            score=round(score, 4), label=label, took_ms=round(took, 3), served=self.served
        )
