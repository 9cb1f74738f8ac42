"""A series without its small ups and downs."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(description="The series."),
        window: int = Input(
            description="How many values a mean is of. There are window - 1 values less after.",
            default=3,
            ge=1,
            le=30,
        ),
    ) -> list[float]:
        if not 1 <= len(values) <= 10000:
            raise ValueError("values must have 1 to 10000 numbers")
        if any(abs(one) > 1e12 for one in values):
            raise ValueError("values must be between -1e12 and 1e12")
        smooth = np.convolve(values, np.ones(window) / window, mode="valid")
        return [round(float(one), 6) for one in smooth]
