"""Hours since an epoch."""

import datetime

from cog import BasePredictor, Input

EPOCH = datetime.datetime(2020, 1, 1)


class Predictor(BasePredictor):
    def predict(
        self, at: str = Input(description="A time in ISO 8601.", default="2024-05-17T12:00:00")
    ) -> float:
        try:
            moment = datetime.datetime.fromisoformat(at)
        except ValueError:
            raise ValueError("at must be a time in ISO 8601") from None
        return (moment - EPOCH).total_seconds() / 3600
