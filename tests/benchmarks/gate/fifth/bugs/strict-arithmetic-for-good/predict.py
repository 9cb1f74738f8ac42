"""Squeezes numbers between 0 and 1."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        steepness: float = Input(description="Of the curve.", default=1.0, ge=0, le=1000),
        centre: float = Input(description="Where it is a half.", default=0.0, ge=-100, le=100),
        check: bool = Input(description="Stop if a number is too large.", default=False),
    ) -> list[float]:
        if check:
            np.seterr(over="raise")
        at = np.linspace(-5, 5, 11)
        try:
            curve = 1 / (1 + np.exp(-steepness * (at - centre)))
        except FloatingPointError:
            raise ValueError("steepness and centre are too large together") from None
        return [round(float(value), 6) for value in curve]
