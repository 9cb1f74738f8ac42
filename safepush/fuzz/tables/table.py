"""A table as text: its columns, its rows, and what stands between cells."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: what stands between cells, the likeliest first
BETWEEN = ",;\t|"
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_HEADING = re.compile(r"[^\W\d][\w .()/%#-]{0,39}")
_LINE_END = re.compile(r"\r\n|\r|\n")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; without `columns` there is no heading."""

    columns: Row
    rows: tuple[Row, ...]
    between: str = ","
    #: whether blanks stand after what is between cells
    spaced: bool = False

    def text(self, *, end: str = "\n", last: bool = True, quoted: bool = False) -> str:
        """It written down; `last`: whether the last line has an end too."""
        lines = [self.columns, *self.rows] if self.columns else list(self.rows)
        blank = " " if self.spaced else ""
        written = [f"{self.between}{blank}".join(self._cells(one, quoted)) for one in lines]
        return end.join(written) + (end if last and written else "")

    def _cells(self, row: Row, quoted: bool) -> Iterable[str]:
        signs = f'{self.between}"\n\r'
        for cell in row:
            is_odd = quoted or any(sign in cell for sign in signs)
            yield '"{}"'.format(cell.replace('"', '""')) if is_odd else cell

    def having(self, rows: Iterable[Sequence[str]]) -> "Table":
        """The same with other rows."""
        return replace(self, rows=tuple(map(tuple, rows)))

    def put(self, row: int, column: int, cell: str) -> "Table":
        """The same with another cell."""
        made = [list(one) for one in self.rows]
        made[row][column] = cell
        return self.having(made)

    def column(self, at: int) -> Row:
        """Its cells below the heading."""
        return tuple(row[at] for row in self.rows)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns or self.rows[0])

    def turned(self) -> "Table":
        """The columns in the other order."""
        rows = tuple(row[::-1] for row in self.rows)
        return replace(self, columns=self.columns[::-1], rows=rows)

    def are_numbers(self, at: int) -> bool:
        """Whether a column holds nothing but numbers."""
        return all(NUMBER.fullmatch(cell) for cell in self.column(at))


def read(text: str) -> Table | None:
    """The table that a text is, if each line of it has as many cells, and more than one."""
    lines = [line for line in _LINE_END.split(text.strip("\ufeff")) if line.strip()]
    found = [made for sign in BETWEEN if (made := _read(lines, sign)) is not None]
    return max(found, key=lambda one: one.width, default=None)


def _read(lines: Sequence[str], sign: str) -> Table | None:
    if len(lines) < 2 or not all(sign in line for line in lines):
        return None
    spaced = sign != "\t" and all(f"{sign} " in line for line in lines)
    try:
        rows = list(
            csv.reader(io.StringIO("\n".join(lines)), delimiter=sign, skipinitialspace=spaced)
        )
    except csv.Error:
        return None
    if len({len(row) for row in rows}) > 1:
        return None
    head, *rest = (tuple(row) for row in rows)
    if is_heading(head):
        return Table(head, tuple(rest), sign, spaced) if rest else None
    is_data = any(NUMBER.fullmatch(cell) for cell in head)
    return Table((), (head, *rest), sign, spaced) if is_data else None


def is_heading(cells: Sequence[str]) -> bool:
    """Whether they may well be the names of columns."""
    fitting = all(_HEADING.fullmatch(cell.strip()) for cell in cells)
    return fitting and len({*cells}) == len(cells) > 1


def grown(table: Table, count: int) -> Table:
    """So many rows: texts that were there once have a number, other cells come again."""
    kept = [at for at in range(table.width) if _is_open(table, at)]
    made: list[Row] = []
    for at in range(count):
        row, time = table.rows[at % len(table.rows)], at // len(table.rows)
        made.append(tuple(f"{c}{time or ''}" if n in kept else c for n, c in enumerate(row)))
    return table.having(made)


def _is_open(table: Table, at: int) -> bool:
    """Whether a column holds words that are all others: no number, no date, no choice."""
    cells = table.column(at)
    return len({*cells}) == len(cells) and not any(cell[:1].isdigit() for cell in cells)


def wordy(table: Table) -> int | None:
    """The first column of words."""
    free = (at for at in range(table.width) if _is_open(table, at))
    return next(free, None)
