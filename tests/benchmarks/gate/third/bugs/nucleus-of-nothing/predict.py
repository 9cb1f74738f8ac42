"""Draws the next word from a distribution."""

import numpy as np
from cog import BasePredictor, Input

WORDS = ["fox", "hill", "river", "moon", "stone"]


class Predictor(BasePredictor):
    def predict(
        self,
        top_p: float = Input(description="Mass to draw from.", default=0.9, ge=0, le=1),
        seed: int = Input(description="The same seed, the same word.", default=3, ge=0),
    ) -> str:
        chances = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
        kept = np.where(np.cumsum(chances) - chances < top_p, chances, 0)
        rng = np.random.default_rng(seed)
        return WORDS[rng.choice(len(WORDS), p=kept / kept.sum())]
