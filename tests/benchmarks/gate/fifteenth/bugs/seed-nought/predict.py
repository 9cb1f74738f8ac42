"""Invent names for places."""

import random

from cog import BaseModel, BasePredictor, Input

STARTS = ["Bar", "Cal", "Dun", "El", "Fal", "Gar", "Hol", "Is", "Kes", "Lor"]
MIDDLES = ["a", "e", "ing", "o", "er", "an", "i", "ul"]
ENDS = ["ton", "ford", "mere", "wick", "dale", "holm", "stead", "by"]


class Output(BaseModel):
    """Names and the seed they came from."""

    names: list[str]
    seed: int


class Predictor(BasePredictor):
    """Names from syllables."""

    def predict(
        self,
        count: int = Input(description="How many names", default=3, ge=1, le=50),
        seed: int | None = Input(
            description="The same seed gives the same names; leave it out for new ones",
            default=None,
            ge=0,
            le=2**32 - 1,
        ),
        length: str = Input(
            description="Short or long names", default="long", choices=["short", "long"]
        ),
    ) -> Output:
        """Draw names."""
        used = seed if seed else random.SystemRandom().randrange(1, 2**32)
        source = random.Random(used)
        names = []
        for _ in range(count):
            parts = [source.choice(STARTS)]
            if length == "long":
                parts.append(source.choice(MIDDLES))
            parts.append(source.choice(ENDS))
            names.append("".join(parts))
        return Output(names=names, seed=used)
