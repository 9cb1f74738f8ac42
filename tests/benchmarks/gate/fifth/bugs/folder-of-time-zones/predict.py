"""When a meeting is elsewhere."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        hour: int = Input(description="Hour in UTC.", default=14, ge=0, le=23),
        minute: int = Input(description="Minute.", default=30, ge=0, le=59),
        zone: str = Input(description="A time zone, such as Asia/Tokyo.", default="Europe/Paris"),
    ) -> str:
        if not zone.strip():
            raise ValueError("zone must not be empty")
        try:
            there = ZoneInfo(zone)
        except ZoneInfoNotFoundError:
            raise ValueError("zone is not known: write it like Asia/Tokyo") from None
        when = datetime(2026, 6, 1, hour, minute, tzinfo=ZoneInfo("UTC"))
        return when.astimezone(there).strftime("%A, %H:%M")
