"""What the clock shows at a moment."""

import os
import time

from cog import BasePredictor, Input

ZONES = ["", "UTC-1", "UTC-9", "EST5EDT", "UTC+8"]


class Predictor(BasePredictor):
    def predict(
        self,
        moment: int = Input(description="Seconds since 1970.", default=1_700_000_000, ge=0),
        zone: str = Input(description="Time zone; none is UTC.", default="", choices=ZONES),
    ) -> str:
        if moment > 10**11:
            raise ValueError("moment must be before the year 5138")
        if zone:
            os.environ["TZ"] = zone
            time.tzset()
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))
