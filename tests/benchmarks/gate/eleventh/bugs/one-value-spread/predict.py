"""Describes a row of measurements by a few numbers."""

import numpy as np
from cog import BaseModel, BasePredictor, Input

LARGEST = 1e12


class Summary(BaseModel):
    """What is said of the measurements."""

    count: int
    mean: float
    median: float
    spread: float
    unit: str


def without_outliers(values: np.ndarray) -> np.ndarray:
    """Leave out what is far from the median."""
    distance = np.abs(values - np.median(values))
    usual = np.median(distance)
    return values if usual == 0 else values[distance <= 4.5 * usual]


class Predictor(BasePredictor):
    """Mean, median and spread."""

    def predict(
        self,
        values: list[float] = Input(
            description="One or more measurements, each between -1e12 and 1e12.",
            default=[2.0, 4.5, 3.5, 4.0],
        ),
        unit: str = Input(description="Unit of the measurements.", default="m", max_length=12),
        digits: int = Input(description="Digits after the point.", default=3, ge=0, le=8),
        drop_outliers: bool = Input(description="Leave out far values.", default=False),
    ) -> Summary:
        """Describe them; the spread is the standard deviation."""
        if not values:
            raise ValueError("values: at least one measurement is needed")
        if not all(abs(value) <= LARGEST for value in values):
            raise ValueError("values: each must be between -1e12 and 1e12")
        numbers = np.asarray(values, dtype=np.float64)
        if drop_outliers:
            numbers = without_outliers(numbers)
        return Summary(
            count=len(numbers),
            mean=round(float(numbers.mean()), digits),
            median=round(float(np.median(numbers)), digits),
            spread=round(float(numbers.std(ddof=1)), digits),
            unit=unit,
        )
