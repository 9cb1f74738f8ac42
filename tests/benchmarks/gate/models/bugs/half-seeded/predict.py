"""Scatters words; with a seed, always alike."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        words: str = Input(description="Words to scatter.", default="red green blue white"),
        seed: int = Input(description="Seed of the layout.", default=None),
    ) -> str:
        layout = random.Random(seed)
        chosen = words.split()
        layout.shuffle(chosen)
        jitter = random.gauss(0, 1)
        return f"{' '.join(chosen)} {jitter:.3f}"
