"""Figures of a day's temperatures."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """In the unit asked for; range is the difference between high and low."""

    low: float
    high: float
    mean: float
    range: float
    unit: str


class Predictor(BasePredictor):
    """Sums up measurements."""

    def predict(
        self,
        celsius: list[float] = Input(
            description="Measurements in degrees Celsius, from -90 to 60, at least one.",
            default=[11.5, 14.0, 19.25, 16.0],
        ),
        unit: str = Input(
            description="Unit of the output.", default="celsius", choices=["celsius", "fahrenheit"]
        ),
    ) -> Output:
        """Low, high, mean and range."""
        if not celsius or not all(-90 <= value <= 60 for value in celsius):
            raise ValueError("give at least one value, all from -90 to 60")
        low, high = min(celsius), max(celsius)
        figures = {
            "low": low,
            "high": high,
            "mean": sum(celsius) / len(celsius),
            "range": high - low,
        }
        if unit == "fahrenheit":
            figures = {name: value * 9 / 5 + 32 for name, value in figures.items()}
        return Output(**{name: round(value, 6) for name, value in figures.items()}, unit=unit)
