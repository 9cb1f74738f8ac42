"""What is made of each group of rows: the same wherever the rows of a group stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.tables import own
from safepush.fuzz.tables.examples import Example
from safepush.fuzz.tables.table import NUMBER, Row, Table

#: then it hangs on what stands beside what
_BESIDE = re.compile(
    r"\b(?:runs?|streaks?|consecutive\w*|adjacent|in a row|neighbou?r\w*|contiguous|unbroken"
    r"|sessions?|successive|following|previous|next|gaps?|sorted|in order|ordered|order of|by time"
    r"|one after the other|next to each other|side by side|changes?|longest|stand together)\b"
)
#: groups that rows are of
MOST = 3


@dataclass(frozen=True)
class Groups(Relation):
    """Rows of each group together, the other way round, and one of each in turn."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where the order of groups says nothing, and rows that stand apart give something else."""
        if any(_BESIDE.search(one.text) for one in sentences(self.fields, self.source)):
            return
        for field in self.fields:
            example = own.sent(field, self.usual(field), self.source)
            if example is None or not isinstance(example.data, Table):
                continue
            for at in range(example.data.width):
                if self._is_told_apart(field, example, example.data, at):
                    told = f"rows of one group in {field.name!a} that stand apart are not all in it"
                    yield self.suspicion(told)
                    return

    def _is_told_apart(self, field: Field, example: Example, table: Table, at: int) -> bool:
        rows = _first_of_each(table, at)
        if len(rows) < 2:
            return False
        more = [_other(row, at) for row in rows]
        together = [each for pair in zip(rows, more, strict=True) for each in pair]
        keys = {row[at].strip() for row in rows}
        whole = self._made(field, example, together)
        if whole is None or not _is_grouped(whole, keys):
            return False
        if compare(whole, self._made(field, example, together[::-1])):
            return False
        apart = (self._made(field, example, [*rows, *more]) for _ in range(2))
        return all(made is not None and compare(whole, made) for made in apart)

    def _made(self, field: Field, example: Example, rows: Sequence[Row]) -> Any:
        """What comes of such rows, whatever the order it comes in."""
        value = own.value(field, example.data.having(rows).text(), example)
        tried = self.known({field.name: value}) if field.takes(value) else None
        return _sorted(tried.output) if tried is not None and tried.succeeded else None


def _first_of_each(table: Table, at: int) -> list[Row]:
    """A row of each group, where a column may well tell of groups."""
    found: dict[str, Row] = {}
    for row in table.rows:
        found.setdefault(row[at].strip(), row)
    words = [one for one in found if one and not one[:1].isdigit() and not NUMBER.fullmatch(one)]
    return [found[one] for one in words][:MOST]


def _other(row: Row, at: int) -> Row:
    """The row with other numbers, so that the first of two is not the last of them."""
    return tuple(
        str(int(cell) + 1 + place) if cell.strip().isdigit() and place != at else cell
        for place, cell in enumerate(row)
    )


def _is_grouped(output: Any, keys: set[str]) -> bool:
    """Whether each group is there once, and not each row."""
    if isinstance(output, dict):
        names = [str(one).strip() for one in output]
        if keys <= {*names}:
            return True
        return any(_is_grouped(each, keys) for each in output.values())
    if not isinstance(output, list):
        return False
    if output and all(isinstance(one, str) for one in output):
        return False  # a name without anything told of it
    told = [str(one).strip() for each in output for one in _cells(each)]
    return all(told.count(one) == 1 for one in keys) and len(output) == len(keys)


def _cells(each: Any) -> list[Any]:
    if isinstance(each, dict):
        return [one for one in each.values() if isinstance(one, str)]
    return [one for one in each if isinstance(one, str)] if isinstance(each, list) else []


def _sorted(output: Any) -> Any:
    if isinstance(output, dict):
        return {key: _sorted(each) for key, each in output.items()}
    return sorted(map(_sorted, output), key=repr) if isinstance(output, list) else output
