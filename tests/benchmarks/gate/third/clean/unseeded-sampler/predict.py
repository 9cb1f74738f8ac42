"""Draws words by chance: another answer each time, and no seed is offered."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        words: int = Input(description="How many words.", default=5, ge=1, le=50),
        temperature: float = Input(description="How bold.", default=0.7, ge=0, le=2),
    ) -> str:
        known = ["fox", "hill", "river", "moon", "stone", "night"]
        if temperature == 0:
            return " ".join(known[at % 6] for at in range(words))
        return " ".join(random.choice(known) for _ in range(words))
