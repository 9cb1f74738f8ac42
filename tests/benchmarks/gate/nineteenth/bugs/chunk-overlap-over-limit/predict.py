"""Cuts a text into chunks for a store of embeddings."""

from cog import BasePredictor, Input

SAMPLE = "The river rises in spring. Boats wait at the pier until the water falls again."


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to cut; it is cut between words.",
            default=SAMPLE,
            max_length=50000,
        ),
        max_words: int = Input(
            description="The most words that a chunk may have, repeated ones included.",
            default=20,
            ge=2,
            le=500,
        ),
        overlap: int = Input(
            description="Words repeated from the chunk before; fewer than max_words.",
            default=0,
            ge=0,
            le=100,
        ),
    ) -> list[str]:
        """The chunks in their order; each space or line break becomes one space."""
        if overlap >= max_words:
            raise ValueError("overlap is not smaller than max_words")
        words = text.encode("utf-8", "replace").decode("utf-8").split()
        chunks = []
        for start in range(0, len(words), max_words):
            repeated = words[max(0, start - overlap) : start]
            chunks.append(" ".join(repeated + words[start : start + max_words]))
        return chunks
