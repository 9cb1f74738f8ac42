"""Due dates of a monthly plan."""

import re
from datetime import date

from cog import BasePredictor, Input


def shifted(start: date, months: int) -> date:
    """The same day so many months later."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:
        return start.replace(year=year, month=month + 1, day=30)


class Predictor(BasePredictor):
    """Lists the due dates of a plan."""

    def predict(
        self,
        start: str = Input(
            description="First due date, YYYY-MM-DD, from 1900 to 2100.", default="2024-03-15"
        ),
        months: int = Input(
            description="How many more due dates follow, one a month. Where a month is too "
            "short, its last day is due.",
            default=3,
            ge=0,
            le=120,
        ),
    ) -> list[str]:
        """The first date and the ones after it."""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", start, re.ASCII):
            raise ValueError("start must be a date such as 2024-03-15")
        try:
            first = date.fromisoformat(start)
        except ValueError:
            raise ValueError("start is not a day of the calendar") from None
        if not 1900 <= first.year <= 2100:
            raise ValueError("start must be from 1900 to 2100")
        return [shifted(first, months=count).isoformat() for count in range(months + 1)]
