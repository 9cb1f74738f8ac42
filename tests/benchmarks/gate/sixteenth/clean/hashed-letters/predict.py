"""Embeds a text by its groups of three letters."""

import hashlib

import numpy as np
from cog import BasePredictor, Input

DIMENSIONS = 24


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.signs = np.array([1.0, -1.0])

    def predict(
        self,
        text: str = Input(
            description="The text. Only its first 4000 characters count, in lower case, white "
            "space as one space.",
            default="a quiet afternoon",
        ),
        scale: float = Input(description="Length of the vector.", default=1.0, ge=0.001, le=1000),
        decimals: int = Input(
            description="To how many decimals the values are rounded; with few of them, small "
            "values become 0.",
            default=5,
            ge=0,
            le=8,
        ),
    ) -> list[float]:
        """24 values, and different texts may have the same.

        An empty text has 24 zeros, and so have the few texts whose groups cancel each other out.
        """
        cleaned = " ".join(text[:4000].lower().split())
        vector = np.zeros(DIMENSIONS)
        if cleaned:
            padded = f" {cleaned} "
            for at in range(len(padded) - 2):
                group = padded[at : at + 3].encode("utf-8", "surrogatepass")
                digest = hashlib.blake2b(group, digest_size=2).digest()
                vector[digest[0] % DIMENSIONS] += self.signs[digest[1] & 1]
        norm = float(np.linalg.norm(vector))
        if norm > 0:
            vector *= scale / norm
        return [round(float(value), decimals) + 0.0 for value in vector]
