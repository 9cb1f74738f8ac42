"""Sentences by which a cell, a row or a column is refused, and tables that they refuse."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safepush.fuzz.promises.said.sentences import NUMBER, number
from safepush.fuzz.tables import records
from safepush.fuzz.tables.examples import Example, written
from safepush.fuzz.tables.table import Table

_MUST = r"(?:must|has to|have to|needs? to) be"
_REFUSED = (
    r"(?:is|are) (?:refused|rejected|not allowed|not accepted|not taken|an error|errors|invalid)\b"
    r"|\b(?:raises?|gives? an error)\b|(?:is|are) told as an error"
)
#: then it is refused under a condition, or somebody else speaks
_UNLESS = re.compile(
    r"\b(?:unless|if|when|optional|except|skipped|ignored|passed over|left out|may be|counts? as"
    r"|taken as|becomes?|default|otherwise|where)\b"
)
_CELLS = r"(?:cells?|values?|entr(?:y|ies)|numbers?|amounts?)"


@dataclass(frozen=True)
class Breach:
    """A text that a sentence refuses: what it is, by which sentence, and the text."""

    what: str
    sentence: str
    text: str


@dataclass(frozen=True)
class _Kind:
    """A kind of sentence, with a cell that it refuses; `columns`: of which cells it speaks."""

    words: re.Pattern[str]
    what: str
    cells: tuple[Any, ...]


_KINDS = (
    _Kind(re.compile(rf"{_MUST} (?:a |an )?(?:whole numbers?|integers?)\b"), "a fraction", (1.5,)),
    _Kind(
        re.compile(
            rf"{_MUST} (?:a |an )?(?:\w+ )?(?:numbers?|integers?)\b"
            rf"|\b(?:is|are) (?:not (?:a )?|no )(?:\w+ )?numbers? (?:{_REFUSED})"
        ),
        "no number",
        ("many",),
    ),
    _Kind(
        re.compile(
            rf"{_MUST} (?:a )?(?:positive|above (?:zero|0)|(?:greater|more|larger) than (?:zero|0)"
            r"|not negative|zero or more|0 or more|at least (?:zero|0))\b"
            rf"|\b(?:must|may|can) ?not be (?:negative|below zero)\b"
            rf"|\bnegative (?:\w+ )?(?:{_REFUSED})|\bbelow zero (?:{_REFUSED})"
        ),
        "a number below zero",
        (-3,),
    ),
    _Kind(
        re.compile(
            rf"\b(?:must|may|can) ?not be (?:empty|blank|missing)\b"
            rf"|\b(?:empty|blank|missing) (?:\w+ )?(?:{_REFUSED})"
        ),
        "nothing",
        ("",),
    ),
    _Kind(re.compile(rf"{_MUST} (?:a |an )?(?:iso )?(?:dates?|days?)\b"), "no date", ("soon",)),
)
_RANGE = re.compile(
    rf"{_MUST} (?:a number |numbers )?(?:from|between) (?P<low>{NUMBER})"
    rf" (?:to|and) (?P<high>{NUMBER})"
)
_TWICE = re.compile(
    rf"\b(?:repeated|duplicate|second|the same) (?P<what>\w+)(?: twice)? (?:{_REFUSED})"
    rf"|\b(?P<what2>\w+) (?:twice|must be unique|{_MUST[:-3]} be unique)\b"
)
_LENGTHS = re.compile(
    r"\brows? (?:of (?:other|another|unequal|different) lengths?|(?:with|that ha\w+) (?:too few"
    rf"|fewer|another number of|other numbers of) cells) (?:{_REFUSED})|\bshort rows (?:{_REFUSED})"
)
_LACKS = re.compile(rf"\b(?:a )?missing columns? (?:{_REFUSED})")
_MORE = re.compile(rf"\b(?:unknown|extra|other) columns? (?:{_REFUSED})")


def breaches(said: Sequence[str], example: Example) -> Iterator[Breach]:
    """What each sentence refuses, as far as it is plain."""
    for sentence in said:
        if not _UNLESS.search(sentence):
            for what, data in _of(sentence, example):
                yield Breach(what, sentence, written(data, example.form))


def _of(sentence: str, example: Example) -> Iterator[tuple[str, Any]]:
    for kind in _KINDS:
        if kind.words.search(sentence):
            yield from _with(sentence, example, kind)
    if limits := _RANGE.search(sentence):
        beyond = (number(limits["low"]) - 1, number(limits["high"]) + 1)
        yield from _with(sentence, example, _Kind(_RANGE, "a number beyond that", beyond))
    if isinstance(example.data, Table) and example.data.columns:
        yield from _of_rows(sentence, example.data)


def _with(sentence: str, example: Example, kind: _Kind) -> Iterator[tuple[str, Any]]:
    """The data with such a cell in what the sentence speaks of."""
    for cell in kind.cells:
        for name, data in _put(sentence, example.data, cell):
            yield f"{kind.what} in {name}", data


def _put(sentence: str, data: Any, cell: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(data, Table):
        for name, path in records.members(data):
            if _names(sentence, name):
                yield name, records.put(data, path, cell)
        return
    places = [at for at, name in enumerate(data.columns) if _names(sentence, name)]
    if not places and re.search(rf"\b{_CELLS}\b", sentence):
        is_number = re.search(r"numbers?|negative|zero|amounts?", sentence)
        fitting = [at for at in range(data.width) if data.are_numbers(at)]
        places = fitting if is_number else [*range(data.width)]
    for at in places[:2]:
        name = data.columns[at] if data.columns else f"column {at + 1}"
        yield name, data.put(len(data.rows) // 2, at, str(cell))


def _names(sentence: str, name: str) -> bool:
    words = re.sub(r"[_\W]+", " ", name.lower()).strip()
    return re.search(rf"\b{re.escape(words)}s?\b", re.sub(r"[_\W]+", " ", sentence)) is not None


def _of_rows(sentence: str, data: Table) -> Iterator[tuple[str, Table]]:
    if found := _TWICE.search(sentence):
        yield from _twice(found["what"] or found["what2"], data)
    first, *rest = data.rows
    if _LENGTHS.search(sentence) and data.width > 1:
        yield "a row that lacks cells", data.having([first, first[:1], *rest])
    if _LACKS.search(sentence) and data.width > 1:
        less = replace(data, columns=data.columns[:-1])
        yield "a table that lacks a column", less.having(row[:-1] for row in data.rows)
    if _MORE.search(sentence):
        more = replace(data, columns=(*data.columns, "note"))
        yield "a column that nobody named", more.having((*row, "more") for row in data.rows)


def _twice(what: str, data: Table) -> Iterator[tuple[str, Table]]:
    for at, name in enumerate(data.columns):
        if name.lower().rstrip("s") == what.rstrip("s"):
            again = (*data.rows[-1][:at], data.rows[0][at], *data.rows[-1][at + 1 :])
            yield f"the same {name} twice", data.having([*data.rows, again])
    if what.rstrip("s") in ("row", "line"):
        yield "the same row twice", data.having([*data.rows, data.rows[0]])
