"""Finds where a cubic crosses zero."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Halves an interval until it is small enough."""

    def predict(
        self,
        slope: float = Input(
            description="The p in x^3 + p x - q = 0.", default=1.0, ge=0.0, le=1000.0
        ),
        level: float = Input(description="The q.", default=5.0, ge=-1000.0, le=1000.0),
        tolerance: float = Input(
            description="How wide the last interval may be.", default=1e-6, ge=0.0, le=1.0
        ),
    ) -> float:
        """The one real root."""
        low, high = -20.0, 20.0
        while high - low > tolerance:
            middle = (low + high) / 2
            if middle**3 + slope * middle < level:
                low = middle
            else:
                high = middle
        return (low + high) / 2
