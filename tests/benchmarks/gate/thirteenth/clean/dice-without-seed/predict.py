"""Throws dice."""

import random

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The throws, their sum, and the seed that gives them again."""

    throws: list[int]
    total: int
    seed: int


class Predictor(BasePredictor):
    """A cup of dice."""

    def predict(
        self,
        dice: int = Input(description="How many dice.", default=3, ge=1, le=100),
        sides: int = Input(description="Sides of each.", default=6, ge=2, le=1000),
        seed: int | None = Input(
            description="Fixes the throws; left out, each call throws anew.",
            default=None,
            ge=0,
            le=2**31,
        ),
    ) -> Output:
        """Throw them once."""
        if seed is None:
            seed = random.SystemRandom().randrange(2**31)
        source = random.Random(str(seed))
        throws = [source.randint(1, sides) for _ in range(dice)]
        return Output(throws=throws, total=sum(throws), seed=seed)
