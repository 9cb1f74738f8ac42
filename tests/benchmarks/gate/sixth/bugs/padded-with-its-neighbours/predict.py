"""Vectors for a list of texts."""

import zlib

import numpy as np
from cog import BasePredictor, Input

WIDTH = 16


def token(word: str) -> np.ndarray:
    """What stands for a word."""
    return np.random.RandomState(zlib.crc32(word.encode())).normal(size=WIDTH)


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(description="One vector is made for each, in this order."),
        lowercase: bool = Input(description="Take no heed of capitals.", default=True),
    ) -> list[list[float]]:
        if not 1 <= len(texts) <= 64:
            raise ValueError("texts must be a list of 1 to 64 texts")
        split = [(text.lower() if lowercase else text).split() for text in texts]
        longest = max(1, *map(len, split))
        batch = np.zeros((len(split), longest, WIDTH))
        for row, words in enumerate(split):
            for at, word in enumerate(words):
                batch[row, at] = token(word)
        return batch.mean(axis=1).round(6).tolist()
