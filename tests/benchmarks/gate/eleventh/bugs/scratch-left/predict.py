"""Cleans a table: no duplicate rows, no empty ones, in order."""

import csv
import gzip
import io
import shutil
import tempfile

from cog import BasePredictor, Input, Path

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def rows_of(table: str, delimiter: str) -> list[list[str]]:
    """The rows that hold something, with cells without space at their ends."""
    try:
        lines = csv.reader(io.StringIO(table.replace("\0", ""), newline=""), delimiter=delimiter)
        rows = [[cell.strip() for cell in row] for row in lines]
    except csv.Error as error:
        raise ValueError("table: this is not CSV") from error
    return [row for row in rows if any(row)]


class Predictor(BasePredictor):
    """Table in, table out."""

    def write(self, rows: list[list[str]], delimiter: str) -> str:
        """A new CSV file."""
        with tempfile.NamedTemporaryFile(
            "w", suffix=".csv", delete=False, newline="", encoding="utf-8", errors="replace"
        ) as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return file.name

    def pack(self, plain: str) -> str:
        """The same, packed."""
        with (
            tempfile.NamedTemporaryFile(suffix=".csv.gz", delete=False) as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
            open(plain, "rb") as source,
        ):
            shutil.copyfileobj(source, packed)
        return file.name

    def predict(
        self,
        table: str = Input(
            description="A table as CSV; the first row is its head.",
            default="tree,height\noak,21\nbeech,30\noak,21\n",
            max_length=50000,
        ),
        delimiter: str = Input(
            description="What stands between cells.", default="comma", choices=list(DELIMITERS)
        ),
        sort: bool = Input(description="Sort the rows as text.", default=True),
        compress: bool = Input(description="Pack the file with gzip.", default=False),
    ) -> Path:
        """The clean table as a CSV file."""
        rows = rows_of(table, DELIMITERS[delimiter])
        if not rows:
            raise ValueError("table: there is no row with anything in it")
        head, body = rows[0], [list(row) for row in dict.fromkeys(map(tuple, rows[1:]))]
        if sort:
            body.sort()
        plain = self.write([head, *body], DELIMITERS[delimiter])
        return Path(self.pack(plain)) if compress else Path(plain)
