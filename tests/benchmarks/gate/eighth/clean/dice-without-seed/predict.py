"""Rolls dice."""

import random

from cog import BaseModel, BasePredictor, Input


class Roll(BaseModel):
    dice: list[int]
    total: int


class Predictor(BasePredictor):
    def predict(
        self,
        dice: int = Input(description="How many dice.", default=3, ge=1, le=100),
        sides: int = Input(description="Sides of each.", default=6, ge=2, le=1000),
        seed: int | None = Input(
            description="Any number makes the roll repeatable. Without it rolls differ.",
            default=None,
        ),
    ) -> Roll:
        """Return what was rolled, each from 1 to the number of sides."""
        draw = random.SystemRandom() if seed is None else random.Random(str(seed))
        rolled = [draw.randint(1, sides) for _ in range(dice)]
        return Roll(dice=rolled, total=sum(rolled))
