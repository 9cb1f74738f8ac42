"""A pattern for a prompt."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="Words to make it from.", default="herringbone"),
        size: int = Input(description="Signs a line.", default=12, ge=4, le=40),
        seed: int = Input(description="The same seed, the same pattern.", default=3, ge=0),
    ) -> str:
        chance = random.Random(hash(prompt) ^ seed)
        return "\n".join("".join(chance.choices("/|-_. ", k=size)) for _ in range(size))
