"""Shows a long list of dates page by page."""

from collections.abc import Iterator
from datetime import date, timedelta

from cog import BaseModel, BasePredictor, Input

LAST = date(2999, 12, 31)
NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class Day(BaseModel):
    """A date and its day of the week."""

    date: str
    weekday: str


class Page(BaseModel):
    """Some of the dates."""

    days: list[Day]
    more: bool


def days_from(start: date, every: int, weekends: bool) -> Iterator[date]:
    """Dates up to the end of the calendar."""
    day = start
    while day <= LAST:
        if weekends or day.weekday() < 5:
            yield day
        day += timedelta(days=every)


class Predictor(BasePredictor):
    """A calendar that ends."""

    def predict(
        self,
        start: str = Input(
            description="First date, YYYY-MM-DD, from 1800 on; the calendar ends with 2999.",
            default="2024-02-26",
            regex=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        ),
        every: int = Input(description="Days from one to the next.", default=1, ge=1, le=366),
        weekends: bool = Input(
            description="With Saturdays and Sundays; without, those that fall on them are left "
            "out and not moved.",
            default=True,
        ),
        count: int = Input(description="Dates in the list.", default=30, ge=0, le=2000),
        per_page: int = Input(description="Dates on a page.", default=7, ge=1, le=100),
        page: int = Input(
            description="Which page; one beyond the end of the list is empty.",
            default=1,
            ge=1,
            le=10000,
        ),
    ) -> Page:
        """One page, and whether there are more dates after it."""
        try:
            first = date.fromisoformat(start.strip())
        except ValueError:
            raise ValueError("start: there is no such day") from None
        if not 1800 <= first.year <= LAST.year:
            raise ValueError("start: only from 1800 to 2999")
        days = []
        for day in days_from(first, every, weekends):
            if len(days) == count:
                break
            days.append(day)
        begin = (page - 1) * per_page
        shown = days[begin : begin + per_page]
        return Page(
            days=[Day(date=day.isoformat(), weekday=NAMES[day.weekday()]) for day in shown],
            more=begin + per_page < len(days),
        )
