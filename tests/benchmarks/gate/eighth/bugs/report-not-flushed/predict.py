"""Writes a table of loan payments."""

import csv
import tempfile

from cog import BasePredictor, Input, Path


class Report:
    def __init__(self, path):
        self.file = path.open("w", newline="", encoding="utf-8")
        self.rows = csv.writer(self.file)
        self.rows.writerow(["month", "payment", "interest", "left"])

    def add(self, month, payment, interest, left):
        self.rows.writerow([month, f"{payment:.2f}", f"{interest:.2f}", f"{left:.2f}"])


class Predictor(BasePredictor):
    def predict(
        self,
        amount: float = Input(description="What is lent.", default=12000, ge=100, le=1_000_000),
        yearly_percent: float = Input(description="Interest.", default=4.5, ge=0.1, le=30),
        months: int = Input(description="How long.", default=24, ge=1, le=360),
    ) -> Path:
        """Return a CSV file with one row per month."""
        with tempfile.NamedTemporaryFile(suffix=".csv", delete=False) as file:
            target = Path(file.name)
        self.report = Report(target)
        rate = yearly_percent / 1200
        payment = amount * rate / (1 - (1 + rate) ** -months)
        left = amount
        for month in range(1, months + 1):
            interest = left * rate
            left = max(0.0, left + interest - payment)
            self.report.add(month, payment, interest, left)
        return target
