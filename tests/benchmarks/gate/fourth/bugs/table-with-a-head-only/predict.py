"""The mean of a column of a small table."""

import csv
import io
import statistics

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(
            description="Comma separated, names in the first line.",
            default="name,age\nAda,36\nAlan,41\n",
        ),
        column: str = Input(description="Name of the column.", default="age"),
    ) -> float:
        rows = csv.DictReader(io.StringIO(table))
        if column not in (rows.fieldnames or []):
            raise ValueError("the table has no such column")
        try:
            values = [float(row[column] or "") for row in rows]
        except (ValueError, csv.Error):
            raise ValueError("the column must hold numbers only") from None
        return statistics.fmean(values)
