"""Where a share of the measured times lies."""

import math

from cog import BaseModel, BasePredictor, Input


class Answer(BaseModel):
    """The time below or at which so many percent lie."""

    percentile: int
    value: float
    count: int


class Predictor(BasePredictor):
    """Percentiles of times."""

    def predict(
        self,
        times: str = Input(
            description="Times in milliseconds with spaces between, at least one.",
            default="12 15 11 40 13 12 18 95 14 12",
            max_length=4000,
        ),
        percentile: int = Input(
            description="From 0, the shortest time, to 100, the longest.",
            default=50,
            ge=0,
            le=100,
        ),
        slack: float = Input(
            description="Milliseconds to take off each time; none gets below 0.",
            default=0.0,
            ge=0.0,
            le=1000.0,
        ),
    ) -> Answer:
        """Sort the times and look at one of them."""
        try:
            values = [float(word) for word in times.split()]
        except ValueError:
            raise ValueError("times holds a word that is no number") from None
        if not values:
            raise ValueError("give at least one time")
        if not all(math.isfinite(value) and value >= 0 for value in values):
            raise ValueError("a time is a number from 0 up")
        values = sorted(max(0.0, value - slack) for value in values)
        place = len(values) * percentile // 100
        return Answer(percentile=percentile, value=values[place], count=len(values))
