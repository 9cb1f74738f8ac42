"""Write a tiny poem from ready lines."""

import random

from cog import BasePredictor, Input

FIRST = ["rain on the tin roof", "a lamp in the fog", "snow over the field", "the tide going out"]
SECOND = [
    "somebody closes a gate and waits",
    "the kettle begins its small song",
    "two crows argue about the spring",
    "a letter lies open on the stairs",
]
THIRD = ["nobody answers", "then it is morning", "the dog turns around", "and so we go home"]


class Predictor(BasePredictor):
    def predict(
        self,
        verses: int = Input(description="How many verses.", default=1, ge=1, le=20),
        seed: int = Input(
            description=(
                "The same seed gives the same poem. With -1 the lines are drawn anew every time."
            ),
            default=-1,
            ge=-1,
            le=2**31 - 1,
        ),
        layout: str = Input(
            description="One line below the other, or a verse in one line.",
            default="lines",
            choices=["lines", "slashes"],
        ),
    ) -> str:
        """Return the poem; lines may come again."""
        chance = random.SystemRandom() if seed == -1 else random.Random(seed)
        poem = [[chance.choice(part) for part in (FIRST, SECOND, THIRD)] for _ in range(verses)]
        inner, outer = ("\n", "\n\n") if layout == "lines" else (" / ", "\n")
        return outer.join(inner.join(verse) for verse in poem)
