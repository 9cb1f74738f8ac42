"""The Monday of a week."""

from datetime import date

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        year: int = Input(description="The year.", default=2026, ge=1970, le=2100),
        week: int = Input(description="Week of the year, by ISO 8601.", default=1, ge=1, le=53),
    ) -> str:
        return date.fromisocalendar(year, week, 1).isoformat()
