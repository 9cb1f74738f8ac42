"""Statistics of the columns of a CSV file."""

import csv
import io
import re
import statistics

from cog import BaseModel, BasePredictor, Input, Path

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
MAX_BYTES = 2_000_000
MAX_CELLS = 100_000


class Column(BaseModel):
    name: str
    type: str
    count: int
    missing: int
    unique: int
    min: float | None
    max: float | None
    mean: float | None
    median: float | None
    stdev: float | None


class Output(BaseModel):
    rows: int
    delimiter: str
    columns: list[Column]


def profile(name: str, cells: list[str]) -> Column:
    values = [cell for cell in cells if cell]
    facts = (len(values), len(cells) - len(values), len(set(values)))
    if not values or not all(NUMBER.fullmatch(value) for value in values):
        return Column(name, "text" if values else "empty", *facts, None, None, None, None, None)
    numbers = [float(value) for value in values]
    spread = round(statistics.stdev(numbers), 6) if len(numbers) > 1 else None
    middle = (round(statistics.fmean(numbers), 6), round(statistics.median(numbers), 6))
    return Column(name, "number", *facts, min(numbers), max(numbers), *middle, spread)


class Predictor(BasePredictor):
    def rows(self, path: Path, delimiter: str) -> tuple[list[list[str]], str]:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("file: more than 2 MB")
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValueError("file: not UTF-8") from None
        if delimiter == "auto":
            first = next(iter(text.strip("\r\n").splitlines()), "")
            delimiter = max(DELIMITERS, key=lambda name: first.count(DELIMITERS[name]))
        lines = csv.reader(
            io.StringIO(text, newline=""), delimiter=DELIMITERS[delimiter], strict=True
        )
        try:
            rows = [[cell.strip() for cell in row] for row in lines if row]
        except csv.Error:
            raise ValueError(f"file: line {lines.line_num} is not CSV") from None
        if not rows:
            raise ValueError("file: no rows")
        return rows, delimiter

    def predict(
        self,
        file: Path = Input(
            description="CSV in UTF-8, up to 2 MB and 100,000 cells; quotes as usual"
        ),
        delimiter: str = Input(
            description="auto takes the one that occurs most often in the first line",
            default="auto",
            choices=["auto", *DELIMITERS],
        ),
        header: bool = Input(
            description="The first row has the names. Columns without a name are numbered.",
            default=True,
        ),
        limit: int | None = Input(
            description="Look at the first rows only, at this many", default=None, ge=1
        ),
    ) -> Output:
        """A column of numbers like -12.5 is a number column, and has statistics (rounded to six
        digits); all others are text. Empty cells, and those that a short row lacks, are missing."""
        rows, used = self.rows(file, delimiter)
        names = rows.pop(0) if header else []
        rows = rows[:limit]
        width = max(map(len, [names, *rows]))
        if width * max(len(rows), 1) > MAX_CELLS:
            raise ValueError("file: more than 100,000 cells")
        names = [name or f"column {n}" for n, name in enumerate(names + [""] * width, 1)][:width]
        cells = [row + [""] * (width - len(row)) for row in rows]
        columns = [profile(name, [row[n] for row in cells]) for n, name in enumerate(names)]
        return Output(len(rows), used, columns)
