"""Cuts a text into pieces that overlap."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Pieces for an index."""

    def predict(
        self,
        text: str = Input(
            description="The text; an empty one has no pieces. Halves of surrogate pairs become "
            "question marks.",
            default="The ferry leaves at eight, and again at noon, and for the last time at six.",
            max_length=1000,
        ),
        size: int = Input(
            description="Code points in a piece; the last may be shorter.",
            default=30,
            ge=2,
            le=200,
        ),
        overlap: int = Input(
            description="How much of a piece comes again in the next; must be less than size.",
            default=10,
            ge=0,
            le=199,
        ),
    ) -> list[str]:
        """All pieces; the last one ends where the text ends."""
        if overlap >= size:
            raise ValueError("overlap must be less than size")
        text = text.encode("utf-8", "replace").decode("utf-8")
        pieces = []
        start = 0
        while text:
            pieces.append(text[start : start + size])
            if start + size >= len(text):
                break
            start += size - overlap
        return pieces
