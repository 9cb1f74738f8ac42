"""Rolls dice, and tells the seed so that a roll can be repeated."""

import random
import secrets

from cog import BaseModel, BasePredictor, Input


class Roll(BaseModel):
    """What was rolled."""

    dice: list[int]
    total: int
    seed: int


class Predictor(BasePredictor):
    """Dice."""

    def predict(
        self,
        dice: int = Input(description="How many dice.", default=3, ge=1, le=50),
        sides: int = Input(description="Sides of a die.", default=6, ge=2, le=1000),
        drop_lowest: int = Input(
            description="So many of the lowest do not count; one die always does.",
            default=0,
            ge=0,
            le=49,
        ),
        plus: int = Input(description="Added to the total.", default=0, ge=-1000, le=1000),
        seed: int = Input(
            description="The same seed rolls the same; -1 draws a new seed, so that every roll is "
            "another one. The output tells the seed that was used.",
            default=-1,
            ge=-1,
            le=2**31 - 1,
        ),
    ) -> Roll:
        """Roll them; the dice that count, lowest first."""
        used = secrets.randbelow(2**31) if seed == -1 else seed
        rng = random.Random(used)
        rolled = sorted(rng.randint(1, sides) for _ in range(dice))
        kept = rolled[min(drop_lowest, dice - 1) :]
        return Roll(dice=kept, total=sum(kept) + plus, seed=used)
