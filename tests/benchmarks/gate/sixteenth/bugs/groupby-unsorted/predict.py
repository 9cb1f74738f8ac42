"""Adds up a table by group."""

import csv
import io
import itertools
import math

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    totals: dict[str, float]
    rows: int


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(
            description="A table as CSV without a header: a group and an amount in each row, the "
            "amount between -1e12 and 1e12. Empty lines do not count.",
            default="apples,3\napples,4.5\npears,2\nplums,10\n",
            max_length=100000,
        ),
        digits: int = Input(
            description="To how many decimals the totals are rounded.", default=2, ge=0, le=6
        ),
    ) -> Output:
        """The total of each group over the whole table."""
        rows = read(table)
        totals = {}
        for group, members in itertools.groupby(rows, key=lambda row: row[0]):
            totals[group] = round(math.fsum(amount for _, amount in members), digits)
        return Output(totals=totals, rows=len(rows))


def read(table: str) -> list[tuple[str, float]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(table, newline="")):
            if row:
                group, amount = row
                rows.append((group.strip(), float(amount)))
    except (csv.Error, ValueError) as error:
        raise ValueError("each row of the table must be a group and a number") from error
    if not all(abs(amount) <= 1e12 for _, amount in rows):
        raise ValueError("amounts must lie between -1e12 and 1e12")
    return rows
