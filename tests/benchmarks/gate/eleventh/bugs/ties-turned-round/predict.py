"""Sorts the rows of a table."""

import csv
import io

from cog import BaseModel, BasePredictor, Input


def number_key(cell: str) -> tuple[int, float, str]:
    """Numbers by value, before everything that is none."""
    try:
        value = float(cell)
    except ValueError:
        return 1, 0.0, cell
    return (0, value, "") if abs(value) <= 1e300 else (1, 0.0, cell)


def text_key(cell: str) -> tuple[str, str]:
    """Letters without regard to their case, then with."""
    return cell.casefold(), cell


def length_key(cell: str) -> int:
    """Short ones first."""
    return len(cell)


KEYS = {"text": text_key, "number": number_key, "length": length_key}


class Row(BaseModel):
    """One row of the result."""

    cells: list[str]


class Table:
    """Rows of cells."""

    def __init__(self, text: str) -> None:
        try:
            lines = list(csv.reader(io.StringIO(text.replace("\0", ""), newline="")))
        except csv.Error as error:
            raise ValueError("table: this is not CSV") from error
        self.rows = [row for row in lines if row]

    def sorted_by(self, column: int, kind: str, descending: bool) -> list[list[str]]:
        """The rows in order of a column; rows without it have an empty cell there."""
        key = KEYS[kind]
        rows = sorted(self.rows, key=lambda row: key(row[column] if column < len(row) else ""))
        if descending:
            rows.reverse()
        return rows


class Predictor(BasePredictor):
    """Sorting of CSV."""

    def predict(
        self,
        table: str = Input(
            description="Rows as CSV, without a head.",
            default="plum,12\npear,7\nfig,31\n",
            max_length=20000,
        ),
        column: int = Input(
            description="Column to sort by, from 1; rows that agree in it keep their order.",
            default=2,
            ge=1,
            le=50,
        ),
        kind: str = Input(
            description="How cells are compared.", default="number", choices=list(KEYS)
        ),
        descending: bool = Input(description="Largest first.", default=False),
        limit: int = Input(description="At most so many rows; 0 is all.", default=0, ge=0, le=1000),
    ) -> list[Row]:
        """The sorted rows."""
        rows = Table(table).sorted_by(column - 1, kind, descending)
        return [Row(cells=row) for row in (rows[:limit] if limit else rows)]
