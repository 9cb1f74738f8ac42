"""When a subscription is due again."""

from datetime import date

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        day: str = Input(description="When it began, as YYYY-MM-DD.", default="2026-01-15"),
        months: int = Input(description="How many months it lasts.", default=1, ge=0, le=24),
    ) -> str:
        try:
            began = date.fromisoformat(day)
        except ValueError:
            raise ValueError("day must be a date, like 2026-01-15") from None
        year, month = divmod(began.month - 1 + months, 12)
        if began.year + year > 9999:
            raise ValueError("day plus months must be before the year 10000")
        return began.replace(year=began.year + year, month=month + 1).isoformat()
