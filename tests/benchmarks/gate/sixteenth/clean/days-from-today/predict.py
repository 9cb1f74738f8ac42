"""Counts the days until a date."""

import datetime
import re

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    days: int
    weekday: str


WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Predictor(BasePredictor):
    def predict(
        self,
        date: str = Input(
            description="A date as YYYY-MM-DD between 1900 and 2999. Others are refused, and so "
            "are days that no calendar has.",
            default="2030-01-01",
        ),
        working_days: bool = Input(
            description="Whether Saturdays and Sundays are left out.", default=False
        ),
    ) -> Output:
        """Days from today in UTC, so that tomorrow the answer is another one.

        Today is 0, tomorrow 1, and what is past is negative. Of working days those are counted that
        lie after the earlier and up to the later of the two dates. The weekday is that of the date.
        """
        if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", date):
            raise ValueError("date must be YYYY-MM-DD between 1900 and 2999")
        try:
            asked = datetime.date.fromisoformat(date)
        except ValueError as error:
            raise ValueError("date is no day of the calendar") from error
        today = datetime.datetime.now(datetime.UTC).date()
        days = (asked - today).days
        if working_days:
            first, last = sorted((today, asked))
            count = working(last) - working(first)
            days = count if asked >= today else -count
        return Output(days=days, weekday=WEEKDAYS[asked.weekday()])


def working(day: datetime.date) -> int:
    """Working days up to and with this one, counted from a Monday long ago."""
    weeks, rest = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(rest + 1, 5)
