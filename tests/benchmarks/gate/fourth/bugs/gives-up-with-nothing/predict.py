"""A fortune in so many words, tried a few times until it fits."""

import random

from cog import BasePredictor, Input

WORDS = "luck will find you soon if you walk slowly under an old and patient moon".split()


class Predictor(BasePredictor):
    def predict(
        self,
        longest: int = Input(description="Letters at most.", default=30, ge=8, le=80),
        words: int = Input(description="How many words.", default=4, ge=1, le=12),
        seed: int = Input(description="The same seed, the same fortune.", default=3, ge=0),
    ) -> str:
        chance = random.Random(seed)
        for _ in range(20):
            fortune = " ".join(chance.sample(WORDS, words))
            if len(fortune) <= longest:
                return fortune.capitalize() + "."
