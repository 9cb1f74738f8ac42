"""Turn a text into a small vector for a search index."""

import hashlib

import numpy as np
from cog import BaseModel, BasePredictor, Input

WORDS_READ = 64


class Embedding(BaseModel):
    vector: list[int]
    words_read: int


def direction(word: str, size: int) -> np.ndarray:
    """Give each word a direction of its own, the same on every machine."""
    digest = hashlib.sha256(word.encode("utf-8", "replace")).digest()
    return np.unpackbits(np.frombuffer(digest, dtype=np.uint8))[:size].astype(float) * 2 - 1


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text. Words after the first 64 are not read.",
            default="a quiet street behind the station",
            max_length=20000,
        ),
        size: int = Input(
            description="How many numbers the vector has.", default=16, choices=[8, 16, 32, 64]
        ),
    ) -> Embedding:
        """Return whole numbers from -127 to 127 that point where the words do together.

        The largest is 127 or -127. Order and capitals of the words make no difference, and many
        texts share a vector, as it is coarse. A text without words, or whose words cancel out,
        gets zeros.
        """
        words = text.lower().split()[:WORDS_READ]
        total = np.zeros(size)
        for word in words:
            total += direction(word, size)
        largest = np.abs(total).max()
        if largest > 0:
            total = total / largest * 127
        return Embedding(vector=[int(value) for value in total.round()], words_read=len(words))
