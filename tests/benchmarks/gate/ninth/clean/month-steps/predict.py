"""Counts in months, as rents and warranties do."""

import calendar
from datetime import date

from cog import BaseModel, BasePredictor, Input

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Step(BaseModel):
    """The day that was reached; clipped if its month is too short for the day of the start."""

    day: str
    weekday: str
    clipped: bool


class Predictor(BasePredictor):
    """31 January and one month is the last day of February, and no way leads back."""

    def predict(
        self,
        start: str = Input(description="First day, as YYYY-MM-DD.", default="2024-01-31"),
        months: int = Input(
            description="Months to go on, or back if negative; years 1 to 9999 alone are known.",
            default=1,
            ge=-120_000,
            le=120_000,
        ),
        to_end: bool = Input(
            description="Go to the last day of the month, whatever the start was.", default=False
        ),
    ) -> Step:
        """The day, never later than the end of its month."""
        try:
            first = date.fromisoformat(start)
        except ValueError as error:
            raise ValueError("start must be a day such as 2024-01-31") from error
        if first.isoformat() != start:
            raise ValueError("start must be a day such as 2024-01-31")
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        if not 1 <= year <= 9999:
            raise ValueError("months: the day is outside the years 1 to 9999")
        last = calendar.monthrange(year, month + 1)[1]
        day = last if to_end else min(first.day, last)
        reached = date(year, month + 1, day)
        return Step(
            day=reached.isoformat(), weekday=DAYS[reached.weekday()], clipped=first.day > last
        )
