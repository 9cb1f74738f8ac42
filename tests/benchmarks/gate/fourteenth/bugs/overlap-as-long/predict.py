"""Finds the part of a text with the most vowels."""

from cog import BaseModel, BasePredictor, Input

VOWELS = frozenset("aeiouAEIOU")


class Found(BaseModel):
    """The best piece and where it starts."""

    piece: str
    start: int
    vowels: int


class Predictor(BasePredictor):
    """Goes over a text in pieces that overlap."""

    def predict(
        self,
        text: str = Input(
            description="The text; no more than 2000 characters.",
            default="An easy idea: every queue is a row of people who wait for a bus or a train.",
            max_length=2000,
        ),
        size: int = Input(description="Characters in a piece.", default=20, ge=2, le=200),
        overlap: int = Input(
            description="Characters that a piece shares with the one before.",
            default=5,
            ge=0,
            le=100,
        ),
    ) -> Found:
        """The first of the pieces with the most vowels."""
        best = Found(piece=text[:size], start=0, vowels=0)
        start = 0
        while start < len(text):
            piece = text[start : start + size]
            vowels = sum(letter in VOWELS for letter in piece)
            if vowels > best.vowels:
                best = Found(piece=piece, start=start, vowels=vowels)
            start += size - overlap
        return best
