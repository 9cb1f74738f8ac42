"""Sales forecast: exponential smoothing with a trend."""

import re

from cog import BaseModel, BasePredictor, Input


class Forecast(BaseModel):
    month: str
    value: float


def month_after(year: int, month: int, ahead: int) -> str:
    """The month so many months later, as YYYY-MM."""
    return f"{year + (month + ahead) // 12:04}-{(month + ahead) % 12:02}"


class Predictor(BasePredictor):
    def predict(
        self,
        history: list[float] = Input(
            description="Sales of past months, oldest first, 2 to 120.",
            default=[120.0, 124.0, 131.0, 129.0, 138.0, 141.0],
        ),
        last_month: str = Input(
            description="Month of the newest figure, YYYY-MM.",
            default="2024-03",
            regex=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$",
        ),
        horizon: int = Input(description="Months to foresee.", default=6, ge=1, le=24),
        level_weight: float = Input(
            description="Weight of the newest figure.", default=0.5, ge=0.05, le=1.0
        ),
        trend_weight: float = Input(
            description="Weight of the newest step.", default=0.2, ge=0.0, le=1.0
        ),
    ) -> list[Forecast]:
        """Foresee the months after the last one, as YYYY-MM with a figure."""
        if not 2 <= len(history) <= 120 or any(abs(figure) > 1e12 for figure in history):
            raise ValueError("2 to 120 figures, none above 1e12")
        if not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", last_month):
            raise ValueError("last_month is YYYY-MM")
        level, trend = history[0], history[1] - history[0]
        for figure in history[1:]:
            before = level
            level = level_weight * figure + (1 - level_weight) * (level + trend)
            trend = trend_weight * (level - before) + (1 - trend_weight) * trend
        year, month = (int(part) for part in last_month.split("-"))
        return [
            Forecast(month=month_after(year, month, ahead), value=round(level + ahead * trend, 2))
            for ahead in range(1, horizon + 1)
        ]
