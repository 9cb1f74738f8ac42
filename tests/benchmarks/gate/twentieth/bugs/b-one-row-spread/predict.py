"""Describes one column of a CSV table."""

import csv
import io
import math

import numpy as np
from cog import BaseModel, BasePredictor, Input

LIMIT = 1e12


class Output(BaseModel):
    """What there is to say about the column."""

    rows: int
    mean: float
    spread: float
    smallest: float
    largest: float


class Predictor(BasePredictor):
    """Reads a table and sums one column up."""

    def predict(
        self,
        table: str = Input(
            description="CSV with a line of column names first and at least one row below it.",
            default="day,visits\nmon,120\ntue,135\nwed,90\n",
        ),
        column: str = Input(
            description="Name of a column of numbers between -1e12 and 1e12.", default="visits"
        ),
    ) -> Output:
        """Sum the column up; spread is its sample standard deviation."""
        values = np.array(self.read(table, column), dtype=np.float64)
        return Output(
            rows=len(values),
            mean=float(values.mean()),
            spread=float(values.std(ddof=1)),
            smallest=float(values.min()),
            largest=float(values.max()),
        )

    def read(self, table: str, column: str) -> list[float]:
        try:
            rows = [
                row for row in csv.reader(io.StringIO(table.lstrip("\ufeff"), newline="")) if row
            ]
        except csv.Error as error:
            raise ValueError(f"table is not CSV: {error}") from error
        if len(rows) < 2:
            raise ValueError("table needs column names and at least one row")
        names = [name.strip() for name in rows[0]]
        if column.strip() not in names:
            raise ValueError("table has no such column")
        at = names.index(column.strip())
        return [self.number(row[at] if at < len(row) else "") for row in rows[1:]]

    def number(self, cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            raise ValueError("the column holds something that is not a number") from None
        if not math.isfinite(value) or abs(value) > LIMIT:
            raise ValueError("numbers must lie between -1e12 and 1e12")
        return value
