"""Tells what time it is in UTC."""

from datetime import UTC, datetime

from cog import BaseModel, BasePredictor, Input


class Moment(BaseModel):
    utc: str
    weekday: str
    minute_of_day: int


DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Predictor(BasePredictor):
    def predict(
        self,
        moment: str = Input(
            description="A date and time in ISO 8601, like 2024-03-01T12:00:00+02:00. One without "
            "an offset is taken to be UTC. Years 1900 to 2100.",
            default="2024-03-01T12:00:00",
            max_length=40,
        ),
    ) -> Moment:
        """The same moment in UTC, to the second, and its weekday and minute of the day there."""
        try:
            given = datetime.fromisoformat(moment)
        except ValueError as error:
            raise ValueError("moment: not a date and time in ISO 8601") from error
        if not 1900 <= given.year <= 2100:
            raise ValueError("moment: the year must be from 1900 to 2100")
        there = given.replace(tzinfo=UTC, microsecond=0)
        return Moment(
            utc=there.strftime("%Y-%m-%dT%H:%M:%SZ"),
            weekday=DAYS[there.weekday()],
            minute_of_day=there.hour * 60 + there.minute,
        )
