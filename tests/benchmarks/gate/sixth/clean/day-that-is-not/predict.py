"""The day of the week of a date."""

from datetime import date

from cog import BasePredictor, Input

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Predictor(BasePredictor):
    def predict(
        self,
        year: int = Input(description="The year.", default=2024, ge=1, le=9999),
        month: int = Input(description="The month.", default=2, ge=1, le=12),
        day: int = Input(
            description="The day; one that the month does not have is refused.",
            default=29,
            ge=1,
            le=31,
        ),
    ) -> str:
        try:
            return DAYS[date(year, month, day).weekday()]
        except ValueError:
            raise ValueError(f"there is no day {day} in month {month} of {year}") from None
