"""Find the weekday of a date, by arithmetic alone."""

import re

from cog import BasePredictor, Input

DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


class Predictor(BasePredictor):
    """Weekdays of the common calendar."""

    def predict(
        self,
        date: str = Input(
            description="A day as YYYY-MM-DD between 1583-01-01 and 9999-12-31, else refused",
            default="2024-02-29",
        ),
        add: int = Input(
            description="Days to add; a result after the year 9999 or before 1583 wraps only the "
            "weekday, as no date is given back",
            default=0,
            ge=-1000000,
            le=1000000,
        ),
        short: bool = Input(description="Give three letters", default=False),
    ) -> str:
        """Give the English name of the weekday."""
        parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", date)
        if not parts:
            raise ValueError("date must look like 2024-02-29")
        year, month, day = (int(part) for part in parts.groups())
        if year < 1583:
            raise ValueError("date lies before 1583, when the calendar was another")
        if not 1 <= month <= 12:
            raise ValueError("date has no such month")
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if not 1 <= day <= LENGTHS[month - 1] + (leap and month == 2):
            raise ValueError("date has no such day")
        shifted = year - (month < 3)
        offset = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
        number = shifted + shifted // 4 - shifted // 100 + shifted // 400 + offset + day
        name = DAYS[(number + add) % 7]
        return name[:3] if short else name
