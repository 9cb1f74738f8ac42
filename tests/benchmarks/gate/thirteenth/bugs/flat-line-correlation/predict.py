"""How alike two series move."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Correlates two series."""

    def predict(
        self,
        left: list[float] = Input(
            description="Numbers between -1e6 and 1e6.", default=[1.0, 2.0, 3.0, 5.0]
        ),
        right: list[float] = Input(
            description="As many numbers again.", default=[2.0, 4.0, 5.0, 9.0]
        ),
        lag: int = Input(description="Shift the right one by so many.", default=0, ge=0, le=100),
    ) -> float:
        """The coefficient, from -1 to 1."""
        if len(left) != len(right):
            raise ValueError("both lists must be of one length")
        if any(abs(value) > 1e6 for value in left + right):
            raise ValueError("numbers must be between -1e6 and 1e6")
        count = len(left) - lag
        if count < 2:
            raise ValueError("too few numbers for this lag")
        a, b = np.array(left[:count]), np.array(right[lag:])
        a, b = a - a.mean(), b - b.mean()
        with np.errstate(invalid="ignore", divide="ignore"):
            value = float((a @ b) / np.sqrt((a @ a) * (b @ b)))
        return round(max(-1.0, min(1.0, value)), 6) if value == value else value
