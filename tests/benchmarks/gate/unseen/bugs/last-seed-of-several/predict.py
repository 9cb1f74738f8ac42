"""Several pictures, each with the next seed."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw.", default="a fox"),
        num_outputs: int = Input(description="How many.", default=1, ge=1, le=4),
        seed: int = Input(description="Same seed, same.", default=7, ge=0, le=4294967295),
        guidance: float = Input(description="Weight of the prompt.", default=3.5, ge=0, le=10),
    ) -> list[float]:
        values = []
        for n in range(num_outputs):
            dice = np.random.RandomState(seed + n)
            values.append(round(float(dice.normal()) * guidance + len(prompt), 6))
        return values
