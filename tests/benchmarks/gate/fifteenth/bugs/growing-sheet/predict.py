"""Write a plan for paying back a loan as a sheet."""

import csv
import math
import tempfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """A sheet of monthly payments."""

    def setup(self) -> None:
        """Choose where the sheet goes."""
        self.sheet = Path(tempfile.mkdtemp()) / "plan.csv"

    def predict(
        self,
        amount: float = Input(description="What was lent", default=1200.0, ge=1, le=10_000_000),
        months: int = Input(description="In how many months", default=12, ge=1, le=480),
        rate: float = Input(description="Percent a year", default=3.0, ge=0, le=40),
        separator: str = Input(
            description="Between the columns", default="comma", choices=["comma", "semicolon"]
        ),
    ) -> Path:
        """Give a CSV file with a head and one line for each month."""
        monthly = rate / 1200
        if monthly > 1e-12:
            payment = amount * monthly / -math.expm1(-months * math.log1p(monthly))
        else:
            payment = amount / months
        rest = amount
        with open(self.sheet, "a", newline="") as stream:
            writer = csv.writer(stream, delimiter="," if separator == "comma" else ";")
            writer.writerow(["month", "interest", "payment", "rest"])
            for month in range(1, months + 1):
                interest = rest * monthly
                rest = max(0.0, rest + interest - payment)
                writer.writerow([month, f"{interest:.2f}", f"{payment:.2f}", f"{rest:.2f}"])
        return self.sheet
