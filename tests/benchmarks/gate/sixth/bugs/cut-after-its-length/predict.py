"""A text as a vector."""

import zlib

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to embed.", default="a red bicycle", min_length=1),
        dimensions: int = Input(
            description="How many numbers to have, the most telling ones first.",
            default=64,
            ge=4,
            le=64,
        ),
        normalize: bool = Input(description="Give the vector a length of 1.", default=True),
    ) -> list[float]:
        vector = np.zeros(64)
        for word in text.lower().split() or [text]:
            dice = np.random.RandomState(zlib.crc32(word.encode()))
            vector += dice.normal(size=64) / np.arange(1, 65) ** 0.5
        if normalize:
            vector /= np.linalg.norm(vector)
        return vector[:dimensions].round(6).tolist()
