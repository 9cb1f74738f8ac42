"""Names drawn by weight."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        weights: list[float] = Input(description="A weight a name.", default=[3.0, 1.0]),
        draws: int = Input(description="How many draws.", default=5, ge=1, le=100),
        seed: int = Input(description="The same seed, the same draws.", default=0, ge=0),
    ) -> list[int]:
        given = np.array(weights, dtype=float)
        if not np.isfinite(given).all() or (given < 0).any() or not given.sum() > 0:
            raise ValueError("weights must be numbers from 0 on, and one of them above 0")
        share = np.round(given / given.sum(), 3)
        return [int(n) for n in np.random.default_rng(seed).choice(len(share), draws, p=share)]
