"""Lottery numbers."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many numbers.", default=6, ge=1, le=10),
        highest: int = Input(description="Largest of them.", default=49, ge=10, le=100),
        seed: int = Input(
            description="The same seed, the same numbers; -1 takes a new one each time.",
            default=-1,
            ge=-1,
        ),
    ) -> list[int]:
        chance = random.Random() if seed == -1 else random.Random(seed)
        return sorted(chance.sample(range(1, highest + 1), count))
