"""A name for a new product."""

import random
from typing import Optional

from cog import BasePredictor, Input

FIRST = ["lumo", "vera", "kari", "tento", "bril", "osca"]
LAST = ["nova", "lin", "dex", "ra", "form", "mio"]


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many names.", default=3, ge=1, le=20),
        seed: Optional[int] = Input(
            description="The same seed gives the same names; left out, they differ each time.",
            default=None,
        ),
    ) -> list[str]:
        dice = random.Random(seed)
        return [dice.choice(FIRST) + dice.choice(LAST) for _ in range(count)]
