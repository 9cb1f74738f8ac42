"""Guesses the next number of a row; takes a while to start."""

import time

import numpy as np
from cog import BasePredictor, Input

LARGEST = 1e6
METHODS = {
    "straight": 1,
    "curved": 2,
}


class Predictor(BasePredictor):
    """Fits a line or a curve."""

    def setup(self) -> None:
        """Prepare the grid that fits are made on, which takes about two seconds."""
        began = time.monotonic()
        self.powers = np.vander(np.linspace(0, 1, 400), 4)
        while time.monotonic() - began < 2:
            self.powers = self.powers / max(float(np.abs(self.powers).max()), 1.0)
            time.sleep(0.05)

    def predict(
        self,
        values: list[float] = Input(
            description="3 to 200 numbers between -1e6 and 1e6; others are refused.",
            default=[1.0, 2.0, 3.0, 4.0],
        ),
        ahead: int = Input(description="How many numbers to guess.", default=2, ge=1, le=20),
        method: str = Input(
            description="What goes through the numbers.", default="straight", choices=list(METHODS)
        ),
        digits: int = Input(description="Digits after the point.", default=2, ge=0, le=4),
        low: int = Input(
            description="Guesses are not lower than this.", default=-(10**9), ge=-(10**9), le=0
        ),
    ) -> list[float]:
        """The guesses."""
        if not 3 <= len(values) <= 200 or not all(abs(value) <= LARGEST for value in values):
            raise ValueError("values: 3 to 200 numbers between -1e6 and 1e6 are needed")
        at = np.arange(len(values), dtype=np.float64)
        fit = np.polynomial.Polynomial.fit(at, values, METHODS[method])
        guesses = fit(np.arange(len(values), len(values) + ahead, dtype=np.float64))
        return [round(max(low, float(guess)), digits) + 0.0 for guess in guesses]
