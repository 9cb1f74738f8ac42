"""What a column of a table comes to."""

import csv
import io

from cog import BaseModel, BasePredictor, Input, Path


class Column(BaseModel):
    name: str
    count: int
    total: float
    mean: float


def table(file: Path) -> list[dict[str, str]]:
    """The rows by the names in the first one."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("table must be text in UTF-8") from None
    return list(csv.DictReader(io.StringIO(text)))


class Predictor(BasePredictor):
    def predict(
        self,
        table_file: Path = Input(description="A CSV file; its first row names the columns."),
        column: int = Input(description="Which column, the first is 1.", default=1, ge=1, le=50),
    ) -> Column:
        rows = table(table_file)
        if not rows:
            raise ValueError("table_file must have a row below its names")
        names = list(rows[0])
        if column > len(names):
            raise ValueError(f"table_file has no column {column}")
        name = names[column - 1]
        values = [float(row[name]) for row in rows]
        total = sum(values)
        return Column(name=str(name), count=len(values), total=total, mean=total / len(values))
