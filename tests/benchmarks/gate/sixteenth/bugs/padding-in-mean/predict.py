"""Embeds sentences with a small table of word vectors."""

import re
import zlib

import numpy as np
from cog import BasePredictor, Input

VOCABULARY, WIDTH = 512, 12
PAD = 0


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.table = np.random.default_rng(5).normal(size=(VOCABULARY, WIDTH))

    def predict(
        self,
        sentences: list[str] = Input(
            description="Up to 64 sentences; of each the first 128 words count.",
            default=["red boat", "green hill"],
        ),
        normalize: bool = Input(
            description="Whether vectors are brought to length 1.", default=True
        ),
    ) -> list[list[float]]:
        """A vector for each sentence, in order: the mean of the vectors of its words.

        It depends on nothing but the sentence. One without words has zeros.
        """
        if len(sentences) > 64:
            raise ValueError("sentences holds more than 64")
        tokens = [tokenize(sentence) for sentence in sentences]
        longest = max((len(row) for row in tokens), default=0)
        if longest == 0:
            return [[0.0] * WIDTH for _ in sentences]
        batch = np.array([row + [PAD] * (longest - len(row)) for row in tokens])
        vectors = self.table[batch].mean(axis=1)
        vectors[[not row for row in tokens]] = 0.0
        if normalize:
            vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return [[round(float(value), 6) for value in row] for row in vectors]


def tokenize(sentence: str) -> list[int]:
    words = re.findall(r"\w+", sentence.lower())[:128]
    return [1 + zlib.crc32(word.encode("utf-8", "replace")) % (VOCABULARY - 1) for word in words]
