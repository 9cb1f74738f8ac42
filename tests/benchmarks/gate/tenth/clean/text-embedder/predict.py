"""Turns texts into vectors."""

import re
import zlib

import numpy as np
from cog import BasePredictor, Input

MAX_TEXTS = 128
MAX_WORDS = 256


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.table = np.random.default_rng(20).standard_normal((2048, 384))

    def embed(self, text: str, pooling: str) -> np.ndarray:
        words = re.findall(r"\w+|[^\w\s]", text.lower())[:MAX_WORDS]
        if not words:
            return np.zeros(self.table.shape[1])
        rows = []
        for word in words:
            code = zlib.crc32(word.encode("utf-8", "replace"))
            rows.append(self.table[code % len(self.table)])
        return np.max(rows, axis=0) if pooling == "max" else np.mean(rows, axis=0)

    def predict(
        self,
        texts: list[str] = Input(
            description=f"Texts to embed, up to {MAX_TEXTS}. Of each the first {MAX_WORDS} words "
            "and punctuation marks count, in lower case.",
            default=["a small boat", "a little ship"],
        ),
        dimensions: int = Input(
            description="Length of the vectors; shorter ones are the beginning of longer ones "
            "(before they are normalized).",
            default=64,
            ge=8,
            le=384,
        ),
        pooling: str = Input(description="Over words", default="mean", choices=["mean", "max"]),
        normalize: bool = Input(
            description="Scale to length 1. The vector of a text without words stays all zeros.",
            default=True,
        ),
    ) -> list[list[float]]:
        """One vector per text, in order, rounded to six decimals."""
        if len(texts) > MAX_TEXTS:
            raise ValueError(f"texts may hold {MAX_TEXTS} at most")
        vectors = []
        for text in texts:
            vector = self.embed(text, pooling)[:dimensions]
            length = float(np.linalg.norm(vector))
            if normalize and length > 0:
                vector = vector / length
            vectors.append([round(value, 6) for value in vector.tolist()])
        return vectors
