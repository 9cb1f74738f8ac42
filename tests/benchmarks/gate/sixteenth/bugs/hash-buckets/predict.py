"""Turns a text into a vector by hashing its words."""

import math
import re

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    vector: list[float]
    words: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to embed. Case does not matter.",
            default="a small boat on a quiet lake",
            max_length=20000,
        ),
        dimensions: int = Input(description="Length of the vector.", default=16, ge=4, le=256),
    ) -> Output:
        """A vector of length 1 to store in an index and to compare with others later.

        A text without words has the vector of zeros.
        """
        words = re.findall(r"\w+", text.lower())
        vector = [0.0] * dimensions
        for word in words:
            vector[hash(word) % dimensions] += 1.0
        norm = math.sqrt(sum(value * value for value in vector))
        if norm:
            vector = [round(value / norm, 6) for value in vector]
        return Output(vector=vector, words=len(words))
