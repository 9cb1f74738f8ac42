"""Guesses the language of a text."""

import re

from cog import BaseModel, BasePredictor, Input

COMMON = {
    "english": {"the", "and", "is", "of", "to", "in", "a", "that", "it", "was"},
    "german": {"der", "die", "das", "und", "ist", "von", "zu", "ein", "nicht", "war"},
    "spanish": {"el", "la", "y", "es", "de", "los", "que", "un", "no", "en"},
}


class Guess(BaseModel):
    """The language, or null if no language reaches the threshold; and its score."""

    language: str | None
    score: float


class Predictor(BasePredictor):
    """Counts the small words."""

    def predict(
        self,
        text: str = Input(
            description="The text; may be empty.",
            default="The house is at the end of the road and it was sold.",
            max_length=20000,
        ),
        threshold: float = Input(
            description="The share of common words that a language needs.",
            default=0.2,
            ge=0.01,
            le=1.0,
        ),
        candidates: str = Input(
            description="Which languages to think of.",
            default="all",
            choices=["all", "english", "german", "spanish"],
        ),
    ) -> Guess:
        """The language with the largest share; the one first in the alphabet of equals."""
        words = re.findall(r"[^\W\d_]+", text.lower())
        names = sorted(COMMON) if candidates == "all" else [candidates]
        if not words:
            return Guess(language=None, score=0.0)
        shares = {name: sum(word in COMMON[name] for word in words) / len(words) for name in names}
        best = max(names, key=shares.__getitem__)
        if shares[best] < threshold:
            return Guess(language=None, score=shares[best])
        return Guess(language=best, score=shares[best])
