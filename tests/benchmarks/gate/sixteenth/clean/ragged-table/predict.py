"""Describes the columns of a table."""

import csv
import io
import math
import re

from cog import BaseModel, BasePredictor, Input

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Column(BaseModel):
    name: str
    filled: int
    blank: int
    kind: str
    mean: float | None


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(
            description="CSV; its first line holds the names. Rows may be too short, what is "
            "missing counts as blank, and what is beyond the names is ignored.",
            default="city,people\nElm,1200\nOak,\nAsh\n",
            max_length=100000,
        ),
        delimiter: str = Input(
            description="What stands between two cells.", default=",", choices=[",", ";", "|"]
        ),
    ) -> list[Column]:
        """For each column in order: its cells, and the mean (4 decimals) if all are numbers.

        Numbers are between -1e15 and 1e15; anything else, such as 'nan' or '1e300', is text. Names
        may be empty or come twice. Lines without a cell do not count.
        """
        lines = io.StringIO(table.removeprefix("\ufeff"), newline="")
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error as error:
            raise ValueError("table cannot be read as CSV") from error
        if not rows:
            raise ValueError("table needs a line with the names of the columns")
        names, *body = rows
        if len(names) > 200:
            raise ValueError("table has more than 200 columns")
        return [
            describe(name.strip(), [row[at].strip() if at < len(row) else "" for row in body])
            for at, name in enumerate(names)
        ]


def describe(name: str, cells: list[str]) -> Column:
    filled = [cell for cell in cells if cell]
    numbers = [value for value in map(number, filled) if value is not None]
    kind, mean = "text", None
    if not filled:
        kind = "empty"
    elif len(numbers) == len(filled):
        kind, mean = "number", round(math.fsum(numbers) / len(numbers), 4) + 0.0
    return Column(
        name=name, filled=len(filled), blank=len(cells) - len(filled), kind=kind, mean=mean
    )


def number(cell: str) -> float | None:
    if not NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if abs(value) <= 1e15 else None
