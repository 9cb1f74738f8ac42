"""Roll dice."""

import random

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """What fell."""

    rolls: list[int]
    total: int


class Predictor(BasePredictor):
    """Dice of many kinds."""

    def predict(
        self,
        dice: int = Input(description="How many dice", default=2, ge=1, le=100),
        sides: int = Input(description="Sides of each die", default=6, ge=2, le=1000),
        drop_lowest: int = Input(
            description="Leave out so many of the lowest; at least one die stays",
            default=0,
            ge=0,
            le=99,
        ),
        seed: int | None = Input(
            description="The same seed repeats the roll; without one it is left to chance",
            default=None,
        ),
    ) -> Output:
        """Roll once."""
        source = random.SystemRandom() if seed is None else random.Random(seed)
        rolls = [source.randint(1, sides) for _ in range(dice)]
        dropped = min(drop_lowest, dice - 1)
        kept = sorted(rolls)[dropped:]
        return Output(rolls=kept, total=sum(kept))
