"""Sentence embeddings: the mean of the vectors of its words."""

import zlib

import numpy as np
from cog import BasePredictor, Input

WORDS = 512
SIZE = 12
PAD = 0


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Draw the table of word vectors; its first row stands for no word."""
        self.table = np.random.default_rng(5).normal(size=(WORDS + 1, SIZE))

    def predict(
        self,
        texts: list[str] = Input(
            description="Texts, 1 to 100, each of at least one word. One vector for each.",
            default=["a red apple", "two green pears"],
        ),
        batch_size: int = Input(description="Texts at a time.", default=8, ge=1, le=32),
        normalise: bool = Input(description="Scale vectors to length 1.", default=True),
        decimals: int = Input(description="Decimals of the answer.", default=6, ge=2, le=8),
    ) -> list[list[float]]:
        """Embed each text for itself."""
        if not 1 <= len(texts) <= 100:
            raise ValueError("between 1 and 100 texts")
        tokens = [self.tokens(text, place) for place, text in enumerate(texts)]
        vectors = np.concatenate(
            [
                self.embed(tokens[start : start + batch_size])
                for start in range(0, len(tokens), batch_size)
            ]
        )
        if normalise:
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.round(vectors, decimals).tolist()

    def tokens(self, text: str, place: int) -> list[int]:
        """Number the words."""
        words = text.lower().split()
        if not words:
            raise ValueError(f"text {place} has no word")
        return [zlib.crc32(word.encode("utf-8", "replace")) % WORDS + 1 for word in words]

    def embed(self, batch: list[list[int]]) -> np.ndarray:
        """Look the words up and take the mean."""
        longest = max(len(row) for row in batch)
        padded = np.array([row + [PAD] * (longest - len(row)) for row in batch])
        return self.table[padded].mean(axis=1)
