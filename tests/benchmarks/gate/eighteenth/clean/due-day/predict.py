"""Find the day when something is due."""

from datetime import UTC, date, datetime, timedelta

from cog import BasePredictor, Input

SATURDAY = 5


class Predictor(BasePredictor):
    def predict(
        self,
        days: int = Input(description="How many days from the start.", default=14, ge=0, le=3650),
        start: str = Input(
            description=(
                "The start, like 2024-05-31, up to the year 9900. If empty it is today, by the "
                "clock of UTC."
            ),
            default="",
            max_length=40,
        ),
        working: bool = Input(
            description=(
                "Count the days from Monday to Friday only. With 0 days the start is returned, "
                "whatever day it is."
            ),
            default=True,
        ),
    ) -> str:
        """Return the day when it is due, like 2024-06-20."""
        try:
            text = start.strip()
            day = date.fromisoformat(text) if text else datetime.now(UTC).date()
        except ValueError as error:
            raise ValueError("start must be a day like 2024-05-31, or empty") from error
        if day.year > 9900:
            raise ValueError("start must be before the year 9901")
        if not working:
            return (day + timedelta(days=days)).isoformat()
        left = days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY
        return day.isoformat()
