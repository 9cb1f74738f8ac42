"""Answers percentile questions about a list of measurements."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    value: float
    below: int


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(
            description="The measurements, at least one.",
            default=[4.0, 8.0, 15.0, 16.0, 23.0, 42.0],
        ),
        rank: float = Input(
            description="Which percentile: 0 is the smallest value, 100 the largest.",
            default=50,
            ge=0,
            le=100,
        ),
    ) -> Output:
        """Return the value at a percentile, and how many measurements are smaller."""
        if not values:
            raise ValueError("Give at least one measurement.")
        if any(not abs(value) <= 1e300 for value in values):
            raise ValueError("Every measurement must be a number of at most 1e300.")
        ordered = sorted(values)
        value = ordered[int(rank / 100 * len(ordered))]
        return Output(value=value, below=sum(other < value for other in ordered))
