"""Smooths a series of measurements."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        series: list[float] = Input(
            description="Numbers, 1 to 500, between -1e9 and 1e9.",
            default=[1.0, 2.0, 9.0, 3.0, 2.0, 1.0, 0.0],
        ),
        method: str = Input(
            description="Filter.", default="box", choices=["box", "gauss", "median"]
        ),
        size: int = Input(
            description="Width of box and median, an odd number; gauss does without.",
            default=3,
            choices=[1, 3, 5, 7, 9],
        ),
        sigma: float = Input(
            description="Width of gauss in steps; box and median do without.",
            default=1.0,
            ge=0.1,
            le=10.0,
        ),
        decimals: int = Input(description="Of the answer.", default=4, ge=0, le=8),
    ) -> list[float]:
        """Smooth; there are as many numbers as before. Beyond the ends the first and the last
        number go on."""
        if not 1 <= len(series) <= 500 or any(abs(number) > 1e9 for number in series):
            raise ValueError("1 to 500 numbers between -1e9 and 1e9")
        values = np.array(series, dtype=float)
        half = int(np.ceil(3 * sigma)) if method == "gauss" else size // 2
        padded = np.pad(values, half, mode="edge")
        views = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
        if method == "median":
            smooth = np.median(views, axis=1)
        elif method == "box":
            smooth = views.mean(axis=1)
        else:
            kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
            smooth = views @ (kernel / kernel.sum())
        return np.round(smooth, decimals).tolist()
