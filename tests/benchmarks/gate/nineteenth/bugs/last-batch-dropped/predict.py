"""Turns lines of text into vectors, batch by batch."""

import zlib

import numpy as np
from cog import BaseModel, BasePredictor, Input

SAMPLE = "a green boat\na red boat\nthe harbour at night"


class Vectors(BaseModel):
    vectors: list[list[float]]
    width: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make the projection."""
        self.table = np.random.default_rng(5).normal(0, 1, (512, 16))

    def embed(self, lines: list[str]) -> np.ndarray:
        """A vector of length 1 for each line, from its groups of three letters."""
        counts = np.zeros((len(lines), 512))
        for row, line in enumerate(lines):
            padded = f"  {line.lower()}  ".encode("utf-8", "replace")
            for at in range(len(padded) - 2):
                counts[row, zlib.crc32(padded[at : at + 3]) % 512] += 1
        vectors = counts @ self.table
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def predict(
        self,
        lines: str = Input(
            description="Texts, one to a line, at most 400.", default=SAMPLE, max_length=40000
        ),
        batch_size: int = Input(
            description="Lines that are worked on at once; it changes the speed alone.",
            default=8,
            ge=1,
            le=64,
        ),
    ) -> Vectors:
        """One vector for each line, in their order; an empty line has one too."""
        texts = lines.split("\n")
        if len(texts) > 400:
            raise ValueError("lines holds more than 400 lines")
        vectors = []
        for batch in range(max(1, len(texts) // batch_size)):
            part = texts[batch * batch_size : (batch + 1) * batch_size]
            vectors.extend(self.embed(part).round(6).tolist())
        return Vectors(vectors=vectors, width=16)
