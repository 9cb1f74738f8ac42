"""Confidence intervals by resampling."""

import numpy as np
from cog import BaseModel, BasePredictor, Input

STATISTICS = {"mean": np.mean, "median": np.median}


class Interval(BaseModel):
    estimate: float
    low: float
    high: float


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(
            description="Measurements, 1 to 500, between -1e9 and 1e9. A single one gives an "
            "interval without width.",
            default=[4.1, 5.0, 3.8, 4.6, 5.3, 4.4],
        ),
        statistic: str = Input(
            description="What to estimate.", default="mean", choices=list(STATISTICS)
        ),
        confidence: float = Input(
            description="Share of resamples within the interval.", default=0.9, ge=0.5, le=0.99
        ),
        resamples: int = Input(
            description="More are smoother. The interval is an approximation, drawn from a fixed "
            "stream of random numbers, so that the same inputs have the same answer.",
            default=300,
            ge=50,
            le=2000,
        ),
    ) -> Interval:
        """Estimate a statistic and an interval around it, which need not be symmetric."""
        if not 1 <= len(values) <= 500 or any(abs(value) > 1e9 for value in values):
            raise ValueError("1 to 500 values between -1e9 and 1e9")
        data = np.array(values, dtype=float)
        chosen = np.random.default_rng(0).integers(0, len(data), (resamples, len(data)))
        spread = STATISTICS[statistic](data[chosen], axis=1)
        tail = (1 - confidence) / 2
        low, high = np.quantile(spread, [tail, 1 - tail])
        estimate = float(STATISTICS[statistic](data))
        return Interval(
            estimate=round(estimate, 6), low=round(float(low), 6), high=round(float(high), 6)
        )
