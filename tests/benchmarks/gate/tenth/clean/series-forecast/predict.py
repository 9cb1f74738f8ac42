"""Forecasts a series of numbers by exponential smoothing."""

import math

from cog import BaseModel, BasePredictor, Input

QUANTILES = {80: 1.2816, 90: 1.6449, 95: 1.96}
LARGEST = 1e12


class Output(BaseModel):
    forecast: list[float]
    lower: list[float]
    upper: list[float]
    fit_error: float


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(
            description="Past values at equal distances, the oldest first. 2 to 5000 of them, "
            "between -1e12 and 1e12.",
            default=[12, 15, 11, 14, 17, 13, 16, 19, 15],
        ),
        horizon: int = Input(description="Number of steps to look ahead", default=6, ge=1, le=365),
        season_length: int = Input(
            description="Steps after which a pattern repeats, such as 7 for days in a week. 1: no "
            "season. Needs two whole seasons of values.",
            default=1,
            ge=1,
            le=366,
        ),
        smoothing: float = Input(
            description="How fast older values are forgotten; near 1: at once",
            default=0.4,
            ge=0.05,
            le=0.95,
        ),
        trend: bool = Input(description="Follow a trend", default=True),
        interval: int = Input(description="Percent", default=80, choices=list(QUANTILES)),
    ) -> Output:
        """Lower and upper never come closer with a further step. All numbers to four decimals."""
        if not 2 <= len(values) <= 5000:
            raise ValueError("values: 2 to 5000 numbers are needed")
        if not all(abs(value) <= LARGEST for value in values):
            raise ValueError("values must lie between -1e12 and 1e12")
        if season_length > 1 and len(values) < 2 * season_length:
            raise ValueError("season_length: fewer values than two whole seasons")
        mean = math.fsum(values) / len(values)
        season = []
        for place in range(season_length):
            part = values[place::season_length]
            season.append(math.fsum(part) / len(part) - mean if season_length > 1 else 0.0)
        level, slope, squares = values[0] - season[0], 0.0, 0.0
        for number, value in enumerate(values[1:], start=1):
            plain = value - season[number % season_length]
            expected = level + slope
            squares += (plain - expected) ** 2
            new = expected + smoothing * (plain - expected)
            if trend:
                slope += smoothing / 2 * (new - level - slope)
            level = new
        error = math.sqrt(squares / (len(values) - 1))
        forecast, lower, upper = [], [], []
        for step in range(1, horizon + 1):
            point = level + slope * step + season[(len(values) - 1 + step) % season_length]
            margin = QUANTILES[interval] * error * math.sqrt(1 + (step - 1) * smoothing**2)
            forecast.append(round(point, 4))
            lower.append(round(point - margin, 4))
            upper.append(round(point + margin, 4))
        return Output(forecast, lower, upper, round(error, 4))
