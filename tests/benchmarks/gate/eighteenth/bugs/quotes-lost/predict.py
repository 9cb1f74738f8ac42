"""Keep some columns of a CSV table."""

import csv
import io

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(
            description="A CSV table whose first row names the columns.",
            default="name,town,year\nPlum,Westby,2011\nQuince,Northam,2014\n",
            max_length=20000,
        ),
        columns: str = Input(
            description="The columns to keep, in this order, apart by semicolons.",
            default="year;name",
            max_length=500,
        ),
    ) -> str:
        """Return a CSV table of these columns; cells that a short row lacks are empty."""
        try:
            rows = [row for row in csv.reader(io.StringIO(table, newline=""), strict=True) if row]
        except csv.Error as error:
            raise ValueError("the table is not valid CSV") from error
        if not rows:
            raise ValueError("the table is empty")
        names = rows[0]
        if len(set(names)) < len(names):
            raise ValueError("two columns have the same name")
        wanted = [name.strip() for name in columns.split(";") if name.strip()]
        if not wanted or not set(wanted) <= set(names):
            raise ValueError("columns names none, or one that the table does not have")
        places = [names.index(name) for name in wanted]
        kept = [[row[at] if at < len(row) else "" for at in places] for row in rows]
        return "".join(",".join(row) + "\n" for row in kept)
