"""Sums up the columns of a table."""

import csv
import io
import json
import re

from cog import BasePredictor, Input

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
SAMPLE = "place,depth,note\npond,1.5,\nlake,20,cold\nwell,,deep\n"


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(
            description="CSV; its first row names the columns. Cells that a row lacks are empty, "
            "cells past the last column are ignored, rows past 1000 and columns past 200 too. "
            "Spaces about a cell do not count.",
            default=SAMPLE,
            max_length=100000,
        ),
        delimiter: str = Input(
            description="What parts the cells.", default=",", choices=[",", ";", "\t"]
        ),
    ) -> str:
        """JSON: for each column its name, filled cells, numbers, and their least, most and mean.

        Numbers are digits with a point at most (up to 15 on each side). A column without any has
        null for the last three. Means are rounded to 6 places.
        """
        try:
            lines = io.StringIO(table.removeprefix("\ufeff"), newline="")
            rows = list(csv.reader(lines, delimiter=delimiter))[:1001]
        except csv.Error:
            raise ValueError("table is not CSV") from None
        if not rows or not rows[0]:
            raise ValueError("table has no first row with names")
        columns = []
        for place, name in enumerate(rows[0][:200]):
            cells = [row[place].strip() for row in rows[1:] if place < len(row)]
            numbers = [float(cell) for cell in cells if NUMBER.fullmatch(cell)]
            columns.append(
                {
                    "name": name,
                    "filled": sum(1 for cell in cells if cell),
                    "numbers": len(numbers),
                    "least": min(numbers, default=None),
                    "most": max(numbers, default=None),
                    "mean": round(sum(numbers) / len(numbers), 6) if numbers else None,
                }
            )
        return json.dumps(columns)
