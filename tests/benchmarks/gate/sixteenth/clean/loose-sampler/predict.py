"""Makes up names for boats."""

import random

from cog import BaseModel, BasePredictor, Input

FIRST = ["Silver", "Quiet", "Northern", "Amber", "Early", "Wandering"]
SECOND = ["Heron", "Tide", "Lantern", "Morning", "Compass", "Otter"]


class Output(BaseModel):
    names: list[str]


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(
            description="How many names; one may come twice.", default=3, ge=1, le=20
        ),
        owner: str = Input(
            description="A word to put before each name, if any.", default="", max_length=40
        ),
        seed: int | None = Input(
            description="The same seed makes the same names. Left out, the names are different "
            "each time.",
            default=None,
            ge=0,
        ),
    ) -> Output:
        """Random names."""
        chance = random.Random(seed)
        names = []
        for _ in range(count):
            parts = [owner.strip(), chance.choice(FIRST), chance.choice(SECOND)]
            names.append(" ".join(part for part in parts if part))
        return Output(names=names)
