"""Sum up a column of numbers."""

import warnings

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """A column in brief."""

    count: int
    mean: float
    spread: float
    middle: float


class Predictor(BasePredictor):
    """Describe a column."""

    def predict(
        self,
        values: list[float] = Input(
            description="The numbers, at least one, each between -1e9 and 1e9",
            default=[3.5, 4.0, 5.5, 9.0],
        ),
        trim: int = Input(
            description="Leave out so many of the smallest and of the largest, if enough remain",
            default=0,
            ge=0,
            le=100,
        ),
        digits: int = Input(description="Digits after the point", default=3, ge=0, le=6),
    ) -> Output:
        """Count, mean, standard deviation of the sample and median."""
        if not values:
            raise ValueError("values must hold at least one number")
        if not all(abs(value) <= 1e9 for value in values):
            raise ValueError("values must lie between -1e9 and 1e9")
        column = np.sort(np.asarray(values, dtype=np.float64))
        if trim and len(column) > 2 * trim:
            column = column[trim:-trim]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            spread = column.std(ddof=1)
        return Output(
            count=len(column),
            mean=round(float(column.mean()), digits),
            spread=round(float(spread), digits),
            middle=round(float(np.median(column)), digits),
        )
