"""Turn lines of text into vectors."""

import zlib

import numpy as np
from cog import BasePredictor, Input


def count_triples(text: str, size: int) -> np.ndarray:
    """Count the letter triples of a text, spread over a vector."""
    padded = f"  {text.lower()} "
    vector = np.zeros(size)
    for start in range(len(padded) - 2):
        triple = padded[start : start + 3].encode("utf-8", "replace")
        vector[zlib.crc32(triple) % size] += 1
    return vector


class Predictor(BasePredictor):
    def predict(
        self,
        texts: str = Input(
            description="The texts, one a line. Empty lines are passed over.",
            default="a boat on the lake",
            max_length=5000,
        ),
        size: int = Input(description="How many numbers a vector has.", default=16, ge=4, le=64),
    ) -> list[list[float]]:
        """Return a vector of length 1 for each text; it depends on that text alone."""
        lines = [line.strip() for line in texts.splitlines() if line.strip()]
        if not lines:
            raise ValueError("there is no text")
        matrix = np.stack([count_triples(line, size) for line in lines])
        matrix /= np.linalg.norm(matrix)
        return [[round(value, 6) for value in row] for row in matrix.tolist()]
