"""When the instalments are due."""

import calendar
from datetime import date

from cog import BasePredictor, Input


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one if the month is shorter."""
    total = day.month + months
    year, month = day.year + total // 12, total % 12
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


class Predictor(BasePredictor):
    """Lists dates."""

    def predict(
        self,
        first: str = Input(
            description="The first day, as YYYY-MM-DD, in the years 1900 to 2100.",
            default="2024-01-31",
            max_length=10,
        ),
        count: int = Input(description="How many instalments.", default=4, ge=1, le=60),
        every: int = Input(description="Months between two of them.", default=2, ge=1, le=12),
    ) -> list[str]:
        """The days as YYYY-MM-DD; in short months the last day of the month."""
        try:
            start = date.fromisoformat(first)
        except ValueError:
            raise ValueError("first is not a date as YYYY-MM-DD") from None
        if not 1900 <= start.year <= 2100:
            raise ValueError("first is not in the years 1900 to 2100")
        return [months_later(start, every * number).isoformat() for number in range(count)]
