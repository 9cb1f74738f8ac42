"""Writes a line of made-up words, drawn letter by letter."""

import math
import random

from cog import BasePredictor, Input

LETTERS = "etaoinshrdlu "


class Predictor(BasePredictor):
    def setup(self) -> None:
        rng = random.Random(3)
        self.logits = {a: [rng.uniform(-2, 2) for _ in LETTERS] for a in LETTERS}

    def draw(self, last: str, temperature: float, rng: random.Random) -> str:
        logits = self.logits[last]
        top = max(logits)
        weights = [math.exp((logit - top) / temperature) for logit in logits]
        return rng.choices(LETTERS, weights)[0]

    def predict(
        self,
        length: int = Input(description="Letters to write", default=40, ge=1, le=500),
        temperature: float = Input(
            description="0 always takes the likeliest letter, more is wilder",
            default=0.8,
            ge=0,
            le=5,
        ),
        seed: int = Input(description="The same seed gives the same line", default=1, ge=0),
    ) -> str:
        rng = random.Random(seed)
        line = "t"
        while len(line) < length:
            line += self.draw(line[-1], temperature, rng)
        return line
