"""Draws numbers; the same for the same seed."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many numbers.", default=3, ge=1, le=20),
        seed: int = Input(description="Seed; leave it out for another draw.", default=None),
    ) -> list[int]:
        dice = random.Random(seed or random.randrange(2**32))
        return [dice.randint(1, 1000) for _ in range(count)]
