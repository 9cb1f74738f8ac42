"""Invents slogans for a shop window."""

import random

from cog import BasePredictor, Input

STARTS = ["Simply", "Always", "Freshly", "Gladly", "Honestly", "Proudly"]
VERBS = ["made", "picked", "chosen", "kept", "found", "sold"]
ENDS = ["for you", "with care", "by hand", "since this morning", "around the corner", "for two"]


class Predictor(BasePredictor):
    """Draws the parts of each slogan."""

    def predict(
        self,
        product: str = Input(description="What is sold.", default="bread", max_length=80),
        count: int = Input(
            description="How many; now and then two are the same.", default=3, ge=1, le=20
        ),
        seed: int | None = Input(
            description="The same seed gives the same slogans. Not given: other ones each time.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> list[str]:
        """Slogans that all begin with the product."""
        chance = random.Random() if seed is None else random.Random(seed)
        thing = " ".join(product.split()) or "Everything"
        slogans = []
        for _ in range(count):
            parts = [chance.choice(STARTS).lower(), chance.choice(VERBS), chance.choice(ENDS)]
            slogans.append(f"{thing}: {' '.join(parts)}.")
        return slogans
