"""The day of the week of a date."""

import datetime
import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, date: str = Input(description="A day as YYYY-MM-DD.", default="2024-05-17")
    ) -> str:
        found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
        if found is None:
            raise ValueError("date must look like 2024-05-17")
        year, month, day = map(int, found.groups())
        return datetime.date(year, month, day).strftime("%A")
