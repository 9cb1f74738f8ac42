"""Brings local times to UTC."""

import re
from datetime import datetime, timedelta, timezone

from cog import BasePredictor, Input

OFFSET = re.compile(r"[+-]((0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)


def zone(offset):
    """The zone that is so far from UTC."""
    if not OFFSET.fullmatch(offset):
        raise ValueError("offset must be such as +05:30 or -08:00, up to 14 hours")
    hours, minutes = offset.split(":")
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)))


class Predictor(BasePredictor):
    """For logs that were written on ships."""

    def predict(
        self,
        local: str = Input(
            description="Local date and time, ISO 8601 without a zone.",
            default="2024-02-29T23:30:00",
        ),
        offset: str = Input(
            description="What local clocks are ahead of UTC, as ±HH:MM.", default="+02:00"
        ),
        add_minutes: int = Input(
            description="Minutes to add.", default=0, ge=-10_000_000, le=10_000_000
        ),
    ) -> str:
        """The moment in UTC, to the second."""
        place = zone(offset)
        try:
            moment = datetime.fromisoformat(local)
        except ValueError as error:
            raise ValueError("local must be a date and time such as 2024-02-29T23:30:00") from error
        if moment.tzinfo is not None:
            raise ValueError("local must not name a zone")
        try:
            shifted = moment.replace(tzinfo=place) + timedelta(minutes=add_minutes)
            utc = shifted.astimezone(timezone.utc)  # noqa: UP017
        except OverflowError as error:
            raise ValueError("the moment is outside the years 1 to 9999") from error
        return f"{utc:%H:%M:%S} {utc.day}.{utc.month}.{utc.year} UTC"
