"""Sums the columns of a table."""

import csv
import io

from cog import BaseModel, BasePredictor, Input, Path


class Column(BaseModel):
    name: str
    numbers: int
    total: float


def number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= 1e15 else None


class Predictor(BasePredictor):
    def predict(
        self,
        table: Path = Input(description="A CSV file whose first row has the names of the columns."),
        separator: str = Input(
            description="What stands between cells.", default=",", choices=[",", ";", "|"]
        ),
    ) -> list[Column]:
        """Return each column with its sum; cells that are not numbers up to 1e15 are left out."""
        text = table.read_bytes().decode("utf-8-sig", errors="replace")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            names = next(rows)
            body = list(rows)
        except csv.Error as error:
            raise ValueError("The file is not a CSV file that can be read.") from error
        if len(names) > 500:
            raise ValueError("At most 500 columns are taken.")
        columns = []
        for place, name in enumerate(names):
            cells = [number(row[place]) for row in body if place < len(row)]
            found = [cell for cell in cells if cell is not None]
            columns.append(Column(name=name, numbers=len(found), total=float(sum(found))))
        return columns
