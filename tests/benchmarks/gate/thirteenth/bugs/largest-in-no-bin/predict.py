"""Counts values in bins."""

import math

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """Edges of the bins, one more than bins, and the values in each."""

    edges: list[float]
    counts: list[int]


class Predictor(BasePredictor):
    """Makes histograms."""

    def predict(
        self,
        values: list[float] = Input(
            description="Numbers between -1e9 and 1e9. Each is counted in exactly one bin.",
            default=[1.0, 2.0, 2.5, 4.0],
        ),
        bins: int = Input(description="How many bins.", default=4, ge=1, le=100),
        whole: bool = Input(
            description="Round the range to whole numbers; done anyway if it is below 0.000001.",
            default=True,
        ),
    ) -> Output:
        """Bins of one width from the smallest value to the largest."""
        if not values:
            raise ValueError("give at least one value")
        if any(abs(value) > 1e9 for value in values):
            raise ValueError("numbers must be between -1e9 and 1e9")
        low, high = min(values), max(values)
        if whole or high - low < 1e-6:
            low, high = math.floor(low), math.floor(high) + 1
        width = (high - low) / bins
        counts = [0] * bins
        for value in values:
            at = int((value - low) / width)
            if at < bins:
                counts[at] += 1
        return Output(edges=[low + width * at for at in range(bins)] + [high], counts=counts)
