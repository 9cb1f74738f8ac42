"""A few noisy numbers."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        size: int = Input(description="How many.", default=4, ge=1, le=64),
        seed: int = Input(description="Seed of the noise.", default=1),
    ) -> list[float]:
        return np.random.RandomState(seed).normal(size=size).round(6).tolist()
