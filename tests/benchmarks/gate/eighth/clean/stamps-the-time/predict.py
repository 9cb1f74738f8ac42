"""Makes an entry for a log book."""

import datetime

from cog import BaseModel, BasePredictor, Input


class Entry(BaseModel):
    text: str
    written_at: str


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="What happened.", default="The tide was high.", max_length=1000
        ),
        hours_from_utc: int = Input(description="The time zone.", default=0, ge=-23, le=23),
    ) -> Entry:
        """Return the entry with the time at which it was written, which is now."""
        zone = datetime.timezone(datetime.timedelta(hours=hours_from_utc))
        return Entry(
            text=text,
            written_at=datetime.datetime.now(zone).isoformat(timespec="seconds"),
        )
