"""Turns a table into records."""

import csv
import io
import re
from typing import Any

from cog import BasePredictor, Input

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")


def typed(cell):
    """A number if it looks like one, else the text."""
    if not NUMBER.fullmatch(cell):
        return cell
    value = float(cell)
    return int(value) if value.is_integer() and "." not in cell else value


class Predictor(BasePredictor):
    """CSV as spreadsheets write it."""

    def predict(
        self,
        table: str = Input(
            description="CSV with a header. Whole numbers of up to 30 digits stay exact; numbers "
            "with leading zeros stay text.",
            default="id,name,price\n7,lamp,19.5\n8,chair,45\n",
            max_length=200_000,
        ),
        separator: str = Input(
            description="Between cells.", default="comma", choices=["comma", "semicolon", "tab"]
        ),
    ) -> list[dict[str, Any]]:
        """One object for each row; blank rows are passed over."""
        between = {"comma": ",", "semicolon": ";", "tab": "\t"}[separator]
        try:
            rows = list(csv.reader(io.StringIO(table, newline=""), delimiter=between, strict=True))
        except csv.Error as error:
            raise ValueError("table is no CSV") from error
        header, *rest = [row for row in rows if row] or [[]]
        if len(set(header)) < len(header):
            raise ValueError("table: two columns have the same name")
        if any(len(row) != len(header) for row in rest):
            raise ValueError("table: a row has another number of cells than the header")
        return [dict(zip(header, map(typed, row), strict=True)) for row in rest]
