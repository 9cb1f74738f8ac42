"""Smooth a time series."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """A moving mean."""

    def predict(
        self,
        series: list[float] = Input(
            description="The values in their order, each between -1e9 and 1e9",
            default=[4.0, 5.0, 7.0, 6.0, 8.0, 9.0, 7.5, 8.5, 9.5, 11.0],
        ),
        window: int = Input(description="How many neighbours count", default=3, ge=1, le=365),
        weights: str = Input(
            description="Weights in the window", default="equal", choices=["equal", "triangle"]
        ),
        keep_mean: bool = Input(
            description="Shift the result to the mean of the series", default=False
        ),
    ) -> list[float]:
        """Give exactly one smoothed value for each value of the series."""
        if not all(abs(value) <= 1e9 for value in series):
            raise ValueError("series must lie between -1e9 and 1e9")
        if not series:
            return []
        values = np.asarray(series, dtype=np.float64)
        if weights == "equal":
            kernel = np.ones(window)
        else:
            kernel = np.minimum(np.arange(1, window + 1), np.arange(window, 0, -1)).astype(float)
        # The ends see fewer neighbours, so the weights that met a value are summed as well.
        total = np.convolve(values, kernel, mode="same")
        met = np.convolve(np.ones(len(values)), kernel, mode="same")
        smooth = total / met
        if keep_mean:
            smooth = smooth + (values.mean() - smooth.mean())
        return [round(float(value), 6) for value in smooth]
