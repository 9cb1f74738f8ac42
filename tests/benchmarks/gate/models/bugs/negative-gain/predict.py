"""Turns a gain into decibels."""

import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(self, gain: float = Input(description="Gain as a factor.", default=1.0)) -> float:
        if gain == 0:
            return -120.0
        return 20 * math.log10(gain)
