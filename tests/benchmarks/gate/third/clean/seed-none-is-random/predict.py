"""Noise: by a seed the same each time, without one another each time."""

import secrets

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        length: int = Input(description="How many numbers.", default=8, ge=1, le=64),
        seed: int | None = Input(description="None: any.", default=None, ge=0, le=2**31),
    ) -> list[float]:
        if seed is None:
            seed = secrets.randbelow(2**31)
            print(f"seed {seed}")
        return [round(float(each), 6) for each in np.random.default_rng(seed).normal(size=length)]
