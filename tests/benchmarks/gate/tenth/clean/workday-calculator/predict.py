"""Counts days, with weekends and holidays."""

import calendar
from datetime import UTC, date, datetime, timedelta

from cog import BaseModel, BasePredictor, Input

WEEKENDS = {"sat-sun": {5, 6}, "fri-sat": {4, 5}, "sun": {6}, "none": set()}


class Output(BaseModel):
    date: str
    weekday: str
    days: int
    workdays: int


def parse(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{name}: dates look like 2024-12-31") from None


def add_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


class Predictor(BasePredictor):
    def add(self, start: date, count: int, unit: str, free: tuple[set[int], set[date]]) -> date:
        if unit == "months":
            return add_months(start, count)
        if unit != "workdays":
            return start + timedelta(days=count * (7 if unit == "weeks" else 1))
        day, left = start, abs(count)
        while left:
            day += timedelta(days=1 if count > 0 else -1)
            left -= day.weekday() not in free[0] and day not in free[1]
        return day

    def predict(
        self,
        start: str = Input(
            description='Date to count from (YYYY-MM-DD), or "today" for that in UTC',
            default="2024-01-31",
        ),
        count: int = Input(
            description="How many to add; negative counts back. 0 is the start itself, also on a "
            "weekend.",
            default=10,
            ge=-1000,
            le=1000,
        ),
        unit: str = Input(
            description="What to add. Shorter months end on their last day.",
            default="workdays",
            choices=["days", "workdays", "weeks", "months"],
        ),
        weekend: str = Input(
            description="Days that are free each week", default="sat-sun", choices=list(WEEKENDS)
        ),
        holidays: list[str] = Input(description="More free days (at most 500)", default=[]),
    ) -> Output:
        """`days` and `workdays` without the start, with the end, and never negative."""
        if len(holidays) > 500:
            raise ValueError("holidays: at most 500")
        first = datetime.now(UTC).date() if start == "today" else parse(start, "start")
        free = WEEKENDS[weekend], {parse(text, "holidays") for text in holidays}
        try:
            end = self.add(first, count, unit, free)
        except OverflowError:
            raise ValueError("the result is outside the years 1 to 9999") from None
        total = abs((end - first).days)
        step = timedelta(days=1 if end > first else -1)
        spent = [first + step * n for n in range(1, total + 1)]
        worked = sum(day.weekday() not in free[0] and day not in free[1] for day in spent)
        print(f"{first} -> {end}")
        return Output(end.isoformat(), f"{end:%A}", total, worked)
