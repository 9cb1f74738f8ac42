"""Turns a text into a vector of fixed length for comparing texts."""

import hashlib

import numpy as np
from cog import BasePredictor, Input

SIZE = 32


class Predictor(BasePredictor):
    def setup(self) -> None:
        rng = np.random.default_rng(11)
        self.table = rng.normal(size=(256, SIZE))

    def word_vector(self, word: str) -> np.ndarray:
        digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
        return self.table[list(digest[:8])].sum(axis=0)

    def predict(
        self,
        text: str = Input(description="Text to embed", default="a red kite over the hill"),
        lower_case: bool = Input(description="Ignore upper and lower case", default=True),
    ) -> list[float]:
        if lower_case:
            text = text.lower()
        words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
        vector = np.zeros(SIZE)
        for word in words:
            vector += self.word_vector(word)
        with np.errstate(all="ignore"):
            unit = vector / np.linalg.norm(vector)
        return [round(float(value), 6) for value in unit]
