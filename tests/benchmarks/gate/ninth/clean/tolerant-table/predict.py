"""Reads tables that people typed."""

import csv
import io
import re

from cog import BaseModel, BasePredictor, Input


class Table(BaseModel):
    """A short row has no key for the cells that it lacks; blank rows are counted only."""

    columns: list[str]
    rows: list[dict[str, str]]
    blank_rows: int


def named(header, width):
    """A name for each column: its own, with a number if it came before, or its place."""
    names = []
    for place in range(width):
        own = header[place].strip() if place < len(header) else ""
        name, number = own or f"column {place + 1}", 2
        while name in names:
            name, number = f"{own or 'column'} {place + 1}.{number}", number + 1
        names.append(name)
    return names


class Predictor(BasePredictor):
    """Takes commas, semicolons and tabs, any line end, and a byte order mark."""

    def predict(
        self,
        table: str = Input(
            description="The table. Its first row that is not blank names the columns. Whichever "
            "of comma, semicolon and tab is most often in the first line that says something parts "
            "the cells.",
            default="name;age\nAnn;31\n\nBen;;late\n",
            max_length=50_000,
        ),
        trim: bool = Input(
            description="Cut blanks off both ends of cells; names of columns always are cut.",
            default=True,
        ),
    ) -> Table:
        """Its rows as objects. Nothing is refused but tables of more than 200 columns."""
        text = table.removeprefix("\ufeff")
        said = (line for line in re.split(r"[\r\n]", text) if re.search(r"[^\s,;\"]", line))
        first = next(said, "")
        between = max(",;\t", key=first.count)
        lines = io.StringIO(text, newline="")
        rows = [
            [cell.strip() if trim else cell for cell in row]
            for row in csv.reader(lines, delimiter=between)
        ]
        full = [row for row in rows if any(cell.strip() for cell in row)]
        width = max(map(len, full), default=0)
        if width > 200:
            raise ValueError("table: more than 200 columns")
        names = named(full[0] if full else [], width)
        return Table(
            columns=names,
            rows=[dict(zip(names, row, strict=False)) for row in full[1:]],
            blank_rows=len(rows) - len(full),
        )
