"""Invents names for boats."""

import random

from cog import BasePredictor, Input

FIRST = ["Silver", "Quiet", "Northern", "Merry", "Salty", "Golden", "Restless", "Blue"]
SECOND = ["Heron", "Lantern", "Morning", "Anchor", "Whistle", "Seal", "Meadow", "Star"]


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many names", default=5, ge=1, le=50),
        article: bool = Input(description="Put The before each", default=False),
        seed: int | None = Input(
            description="The same seed gives the same names; leave empty for others each time",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> list[str]:
        seed = seed or random.randrange(1, 2**31)
        rng = random.Random(seed)
        start = "The " if article else ""
        return [f"{start}{rng.choice(FIRST)} {rng.choice(SECOND)}" for _ in range(count)]
