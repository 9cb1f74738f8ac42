"""Odd tables of a model's own: all of them are tables still, and many are what people send."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from safepush.fuzz.tables.cells import kind
from safepush.fuzz.tables.table import Table, grown, wordy

#: columns that odd cells are put into
MOST_COLUMNS = 4
#: rows of a long table
LONG = 1000
LETTERS = "Straße 漢字 🙂 e\u0301 שלום"
MARK = "\ufeff"


@dataclass(frozen=True)
class Odd:
    """A text with what is odd about it; `is_bytes`: only a file may have it so."""

    name: str
    text: str
    encoding: str = "utf-8"
    is_for_files: bool = False
    #: whether who reads its form has to be able to read it
    sound: bool = True


def of(table: Table) -> Iterator[Odd]:
    """The most telling first: whole tables and single cells dealt out."""
    for hand in zip_longest(_whole(table), _cells(table)):
        yield from (one for one in hand if one is not None and one.text != table.text())


def _whole(table: Table) -> Iterator[Odd]:
    head, *rest = table.rows
    last = table.rows[-1]
    for name, made in {
        "of one row": [head],
        "of a heading only": [],
        "with a repeated row": [head, *table.rows],
        "with a row that lacks cells": [head, last[:1], *rest],
        "with an empty line in the middle": [head, (), *rest],
        "with rows turned round": table.rows[::-1],
        "with a row that has a cell too many": [head, (*last, "1"), *rest],
        "of two rows that are the same": [last, last],
    }.items():
        if made or table.columns:
            yield Odd(name, table.having(made).text())
    yield from _written(table)
    yield from _columns(table)
    yield Odd("of a thousand rows", grown(table, LONG).text())
    yield Odd("in UTF-16", table.text(), "utf-16", is_for_files=True)


def _written(table: Table) -> Iterator[Odd]:
    """The same rows, as other programs write them."""
    text = table.text()
    yield Odd("whose last line has no end", table.text(last=False))
    yield Odd("in Latin-1", _lettered(table, "café").text(), "latin-1", is_for_files=True)
    yield Odd("with CR LF", table.text(end="\r\n"))
    yield Odd("with a byte order mark", MARK + text, is_for_files=True)
    yield Odd("with quotes around all cells", table.text(quoted=True))
    yield Odd("with empty lines at its end", f"{text}\n\n")
    yield Odd("with blanks around cells", _each(table, lambda cell: f" {cell} ").text())


def _columns(table: Table) -> Iterator[Odd]:
    """Other columns than are asked for, or in another order."""
    if table.width > 1:
        yield Odd("with its columns in the other order", table.turned().text())
        less = replace(table, columns=table.columns[:-1]).having(row[:-1] for row in table.rows)
        yield Odd("without its last column", less.text())
    if table.columns:
        more = replace(table, columns=(*table.columns, "note"))
        yield Odd("with a column more", more.having((*row, "more") for row in table.rows).text())
        loud = tuple(name.upper() for name in table.columns)
        yield Odd("with its names in capitals", replace(table, columns=loud).text())
        twice = replace(table, columns=(*table.columns[:-1], table.columns[0]))
        yield Odd("with a name of a column twice", twice.text())


def _each(table: Table, change: Callable[[str], str]) -> Table:
    return table.having([*map(change, row)] for row in table.rows)


def _lettered(table: Table, letters: str) -> Table:
    return table.put(0, wordy(table) or 0, letters)


# Cells

_NUMBERS = (
    ("that is empty", ""), ("of 0", "0"), ("of text for a number", "many"),
    ("of a number below zero", "-3.5"), ("with a decimal comma", "1,5"), ("of nan", "nan"),
    ("of a huge number", "1e308"), ("of a fraction", "0.125"), ("of inf", "inf"),
    ("with a comma for thousands", "1,234.5"), ("of blanks", "  "),
    ("of a number with a unit", "12 kg"),
)  # fmt: skip
_TEXTS = (
    ("with a quoted comma", "amber, birch"), ("that is empty", ""),
    ("with a quoted line break", "amber\nbirch"), ("with quotes in it", 'the "big" one'),
    ("with letters of many kinds", LETTERS), ("of blanks", "  "), ("that is a number", "007"),
    ("of 2,000 letters", "amber " * 400), ("that begins with =", "=1+1"), ("of None", "None"),
)  # fmt: skip
#: of an id each digit counts; other numbers may well be rounded
_IDS = (("of a long number", "1234567890123456789"), *_TEXTS)
_DATES = (
    ("that is empty", ""), ("of a day that is none", "2024-02-30"), ("of a leap day", "2024-02-29"),
    ("of text for a date", "soon"), ("of a day long ago", "0001-01-01"),
)  # fmt: skip


def _cells(table: Table) -> Iterator[Odd]:
    """Single odd cells, those of each column in turn; and columns that are all alike."""
    columns = [*range(table.width)]
    columns.sort(key=lambda at: not table.are_numbers(at))
    queues = [list(_of_column(table, at)) for at in columns[:MOST_COLUMNS]]
    for hand in zip_longest(*queues):
        yield from (one for one in hand if one is not None)


def _of_column(table: Table, at: int) -> Iterator[Odd]:
    name = table.columns[at] if table.columns else f"column {at + 1}"
    row = len(table.rows) // 2
    cells = table.column(at)
    is_date = all(cell[:4].isdigit() and cell[4:5] == "-" for cell in cells)
    odd: tuple[tuple[str, str], ...] = _TEXTS
    if cells and (table.are_numbers(at) or is_date):
        odd = _NUMBERS if table.are_numbers(at) else _DATES
    odd = _IDS if kind(name) == "id" else odd
    for what, cell in odd:
        yield Odd(f"with a cell {what} in {name}", table.put(row, at, cell).text())
        if what == "of a number below zero":
            yield from _alike(table, at, name)
    if not table.are_numbers(at):
        yield Odd(f"with the same twice in {name}", table.put(row, at, cells[0]).text())


def _alike(table: Table, at: int, name: str) -> Iterator[Odd]:
    for what, cell in (("alike", table.rows[0][at]), ("zero", "0"), ("empty", "")):
        same = table.having((*row[:at], cell, *row[at + 1 :]) for row in table.rows)
        yield Odd(f"with all cells {what} in {name}", same.text())
