"""Draws numbers; another draw each time unless there is a seed."""

import random
from typing import Optional

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many numbers.", default=3, ge=1, le=50),
        seed: Optional[int] = Input(description="For the same draw again.", default=None),
    ) -> list[int]:
        dice = random.Random(seed)
        return [dice.randint(1, 6) for _ in range(count)]
