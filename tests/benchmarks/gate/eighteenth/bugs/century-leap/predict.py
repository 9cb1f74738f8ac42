"""Add months to a date."""

from datetime import date

from cog import BasePredictor, Input

DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    if month == 2 and year % 4 == 0:
        return 29
    return DAYS[month - 1]


class Predictor(BasePredictor):
    def predict(
        self,
        start: str = Input(
            description="A day of the calendar, like 2024-05-31.", default="2024-05-31"
        ),
        months: int = Input(
            description="How many months later; below zero, earlier.",
            default=1,
            ge=-12000,
            le=12000,
        ),
        month_end: bool = Input(
            description="Return the last day of the month, whatever day the start is.",
            default=False,
        ),
    ) -> str:
        """Return the day, like 2024-06-30; where the month is too short, its last day."""
        try:
            day = date.fromisoformat(start.strip())
        except ValueError as error:
            raise ValueError("start must be a day like 2024-05-31") from error
        years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        month += 1
        if not 1 <= years <= 9999:
            raise ValueError("the result must be between the years 1 and 9999")
        last = days_in(years, month)
        return f"{years:04}-{month:02}-{last if month_end else min(day.day, last):02}"
