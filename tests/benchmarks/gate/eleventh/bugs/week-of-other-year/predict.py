"""Lays out a plan of weeks."""

from datetime import date, timedelta

from cog import BaseModel, BasePredictor, Input

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
DAY = timedelta(days=1)


class Week(BaseModel):
    """One week of the plan."""

    label: str
    first_day: str
    last_day: str
    working_days: int


def day_of(text: str, name: str) -> date:
    """The day that a text names."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{name}: not a day such as 2024-03-04") from None
    if not FIRST <= day <= LAST:
        raise ValueError(f"{name}: only days from 1900 to 2200")
    return day


class Plan:
    """Weeks from Monday to Sunday."""

    def __init__(self, days_off: list[str]) -> None:
        self.days_off = {day_of(text, "days_off") for text in days_off}

    def week(self, monday: date) -> Week:
        """The week that begins on a Monday."""
        days = [monday + DAY * offset for offset in range(7)]
        working = [day for day in days[:5] if day not in self.days_off]
        return Week(
            label=f"{monday:%Y}-W{monday.isocalendar().week:02d}",
            first_day=days[0].isoformat(),
            last_day=days[-1].isoformat(),
            working_days=len(working),
        )


class Predictor(BasePredictor):
    """Plans."""

    def predict(
        self,
        start: str = Input(
            description="A day of the first week, YYYY-MM-DD, from 1900 to 2200.",
            default="2024-03-06",
            max_length=10,
        ),
        weeks: int = Input(description="How many weeks.", default=4, ge=1, le=60),
        every: int = Input(description="2 for every other week, and so on.", default=1, ge=1, le=4),
        days_off: list[str] = Input(
            description="Days, YYYY-MM-DD, that are no working days.", default=["2024-03-29"]
        ),
    ) -> list[Week]:
        """The weeks in order. `label` is the ISO 8601 week, such as 2024-W10."""
        given = day_of(start, "start")
        monday = given - DAY * given.weekday()
        plan = Plan(days_off)
        return [plan.week(monday + DAY * 7 * every * number) for number in range(weeks)]
