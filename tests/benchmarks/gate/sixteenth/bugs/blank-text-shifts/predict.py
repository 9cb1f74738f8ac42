"""Scores reviews from a list of words."""

import re

from cog import BaseModel, BasePredictor, Input

WEIGHTS = {
    "good": 1, "great": 2, "lovely": 2, "quick": 1, "kind": 1,
    "bad": -1, "awful": -2, "broken": -2, "slow": -1, "rude": -1,
}  # fmt: skip


class Review(BaseModel):
    text: str
    score: float


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(
            description="The reviews, at most 200.",
            default=["A great place, and quick.", "Slow and rude.", "We were there."],
        ),
        scale: float = Input(
            description="The best possible score; the worst is its negative.",
            default=1.0,
            ge=0.1,
            le=100,
        ),
    ) -> list[Review]:
        """Each review with its score, in the order given. One without words has 0."""
        if len(texts) > 200:
            raise ValueError("texts holds more than 200")
        written = [text for text in texts if text.strip()]
        scores = [score(text) * scale for text in written]
        scores += [0.0] * (len(texts) - len(written))
        return [
            Review(text=text, score=round(value, 4))
            for text, value in zip(texts, scores, strict=True)
        ]


def score(text: str) -> float:
    found = [WEIGHTS[word] for word in re.findall(r"\w+", text.lower()) if word in WEIGHTS]
    return sum(found) / (2 * len(found)) if found else 0.0
