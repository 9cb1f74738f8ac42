"""Draws raffle numbers."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """A drum full of numbers."""

    def predict(
        self,
        highest: int = Input(
            description="The numbers in the drum go from 1 to this.", default=49, ge=1, le=1000
        ),
        draws: int = Input(
            description="How many to draw; no more than there are.", default=6, ge=1, le=100
        ),
        in_order: bool = Input(description="Sort the drawn numbers.", default=True),
        seed: int = Input(
            description="The same seed gives the same draw; -1 draws anew each time.",
            default=7,
            ge=-1,
            le=2**31 - 1,
        ),
    ) -> list[int]:
        """Draw without putting back."""
        if draws > highest:
            raise ValueError("draws is more than there are numbers")
        drum = random.Random(seed if seed > 0 else None)
        drawn = drum.sample(range(1, highest + 1), draws)
        return sorted(drawn) if in_order else drawn
