"""The day of the week."""

import datetime

from cog import BasePredictor, Input

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Predictor(BasePredictor):
    def predict(
        self,
        date: str = Input(description="A day as YYYY-MM-DD.", default="2024-05-17"),
        days: int = Input(description="So many days later.", default=0, ge=-400, le=400),
    ) -> str:
        try:
            day = datetime.date.fromisoformat(date) + datetime.timedelta(days=days)
        except (ValueError, OverflowError):
            raise ValueError(
                "date must be a day as YYYY-MM-DD, not near the ends of time"
            ) from None
        return NAMES[day.weekday()]
