"""Sums in whatever order its parts are done, as a GPU does: the last digits differ."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many parts.", default=100, ge=1, le=2000),
        seed: int = Input(description="Of the parts.", default=0),
    ) -> float:
        rng = random.Random(seed)
        parts = [rng.uniform(0, 1) for _ in range(count)]
        random.shuffle(parts)
        return sum(parts) / count
