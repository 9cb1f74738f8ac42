"""Voucher codes, no two of them alike."""

import random

from cog import BasePredictor, Input

LETTERS = "ACDEFHKLMNPRTUVWXY"


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many codes.", default=5, ge=1, le=500),
        length: int = Input(description="Letters in each.", default=6, ge=1, le=12),
        seed: int = Input(description="The same seed, the same codes.", default=1, ge=0),
    ) -> list[str]:
        chance = random.Random(seed)
        codes: dict[str, None] = {}
        while len(codes) < count:
            codes["".join(chance.choices(LETTERS, k=length))] = None
        return list(codes)
