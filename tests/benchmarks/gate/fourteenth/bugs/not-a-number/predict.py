"""Figures about a row of numbers."""

from statistics import fmean, median

from cog import BaseModel, BasePredictor, Input


class Figures(BaseModel):
    """What was found."""

    count: int
    smallest: float
    largest: float
    middle: float


class Predictor(BasePredictor):
    """Reads numbers and sums them up."""

    def predict(
        self,
        numbers: str = Input(
            description="Numbers from -1e9 to 1e9 with commas between, as 1.5, -2, 3e4.",
            default="3, 1.5, 4, -1, 5",
            max_length=2000,
        ),
        middle: str = Input(
            description="Which middle to give.", default="mean", choices=["mean", "median"]
        ),
        digits: int = Input(description="Decimals of the answer.", default=2, ge=0, le=6),
    ) -> Figures:
        """Count, smallest, largest and the middle."""
        try:
            values = [float(part) for part in numbers.split(",")]
        except ValueError:
            raise ValueError("numbers holds something that is not a number") from None
        if any(value < -1e9 or value > 1e9 for value in values):
            raise ValueError("a number is not in -1e9 to 1e9")
        centre = fmean(values) if middle == "mean" else median(values)
        return Figures(
            count=len(values),
            smallest=round(min(values), digits),
            largest=round(max(values), digits),
            middle=round(centre, digits),
        )
