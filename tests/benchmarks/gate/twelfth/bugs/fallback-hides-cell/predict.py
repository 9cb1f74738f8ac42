"""Churn scores for a table of customers."""

import csv
import io
import math

from cog import BaseModel, BasePredictor, Input, Path

MEANS = {"months": 18.0, "calls": 2.5, "spend": 41.0}
WEIGHTS = {"months": -0.06, "calls": 0.45, "spend": -0.01}
SAMPLE = "customer,months,calls,spend\nA-1,30,1,55\nA-2,3,6,20\nA-3,,2,41.5\n"


class Score(BaseModel):
    customer: str
    score: float
    leaving: bool


def number(cell: str, column: str) -> float:
    """The number in a cell, or the mean of its column."""
    try:
        return float(cell)
    except ValueError:
        return MEANS[column]


class Predictor(BasePredictor):
    def predict(
        self,
        table: Path | None = Input(
            description="CSV in UTF-8 with the columns customer, months, calls and spend, up to "
            "1000 rows. Empty cells take the mean of the column; a cell that is not a number is "
            "refused. Without a table, a sample.",
            default=None,
        ),
        threshold: float = Input(description="Above it, one leaves.", default=0.5, ge=0, le=1),
        bias: float = Input(description="Added to each logit.", default=0.0, ge=-5, le=5),
    ) -> list[Score]:
        """Score each row, in order."""
        text = SAMPLE
        if table is not None:
            try:
                text = table.read_text("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValueError("the table is not UTF-8") from error
        try:
            rows = list(csv.DictReader(io.StringIO(text), restval=""))
        except csv.Error as error:
            raise ValueError("the table is not CSV") from error
        if not 1 <= len(rows) <= 1000 or not {"customer", *MEANS} <= set(rows[0]):
            raise ValueError("1 to 1000 rows with customer, months, calls and spend")
        return [self.score(row, threshold, bias) for row in rows]

    def score(self, row: dict[str, str], threshold: float, bias: float) -> Score:
        """A logistic model of three columns."""
        values = {column: number(row[column].strip(), column) for column in MEANS}
        if not all(math.isfinite(value) and abs(value) < 1e6 for value in values.values()):
            raise ValueError("a number is out of range")
        logit = bias + sum(WEIGHTS[c] * (values[c] - MEANS[c]) for c in MEANS)
        chance = 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))
        return Score(customer=row["customer"], score=round(chance, 4), leaving=chance > threshold)
