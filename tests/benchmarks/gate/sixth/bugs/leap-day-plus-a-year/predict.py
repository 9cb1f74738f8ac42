"""When a contract ends."""

from datetime import date, timedelta

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        start: str = Input(description="The first day, as in 2024-05-17.", default="2024-05-17"),
        years: int = Input(description="How many years it runs.", default=1, ge=1, le=30),
    ) -> str:
        try:
            first = date.fromisoformat(start.strip())
        except ValueError:
            raise ValueError("start must be a day, as in 2024-05-17") from None
        if not 1900 <= first.year <= 2100:
            raise ValueError("start must be in the years 1900 to 2100")
        last = first.replace(year=first.year + years) - timedelta(days=1)
        return last.isoformat()
