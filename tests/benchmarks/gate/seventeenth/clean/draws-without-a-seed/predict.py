"""Makes up names for tea houses."""

import random

from cog import BaseModel, BasePredictor, Input

FIRST = ["Golden", "Quiet", "Little", "Northern", "Crooked", "Paper"]
SECOND = ["Kettle", "Lantern", "Leaf", "Bridge", "Heron", "Spoon"]


class House(BaseModel):
    names: list[str]
    seed: int


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(
            description="Names to make up; they may repeat.", default=3, ge=1, le=50
        ),
        seed: int | None = Input(
            description="The same seed gives the same names. Without one, each call draws a seed "
            "of its own and so gives other names.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> House:
        """The names, and the seed with which they can be had again."""
        if seed is None:
            seed = random.SystemRandom().randrange(2**31)
        generator = random.Random(seed)
        names = [f"{generator.choice(FIRST)} {generator.choice(SECOND)}" for _ in range(count)]
        return House(names=names, seed=seed)
