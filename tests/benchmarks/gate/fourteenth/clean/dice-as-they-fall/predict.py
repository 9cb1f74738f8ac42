"""Throws dice."""

import random

from cog import BaseModel, BasePredictor, Input


class Throw(BaseModel):
    """The dice in the order in which they fell, and the sum."""

    dice: list[int]
    total: int


class Predictor(BasePredictor):
    """Honest dice."""

    def predict(
        self,
        count: int = Input(description="How many dice.", default=2, ge=1, le=100),
        sides: int = Input(description="Sides of each.", default=6, ge=2, le=100),
        bonus: int = Input(description="Added to the sum.", default=0, ge=-100, le=100),
        seed: int | None = Input(
            description="The same seed gives the same throw; without one each throw is new.",
            default=None,
            ge=0,
            le=2**32 - 1,
        ),
    ) -> Throw:
        """One throw."""
        hand = random.Random() if seed is None else random.Random(seed)
        dice = [hand.randint(1, sides) for _ in range(count)]
        return Throw(dice=dice, total=sum(dice) + bonus)
