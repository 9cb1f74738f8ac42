"""Numbers that are put in order by their value: also those of two digits, below zero, in parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import is_number, lists
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.tables import own
from safepush.fuzz.tables.table import Table

_SORTS = re.compile(r"\bsort|\border(?:ed|s|ing)?\b|\b(?:first|last)\b|\brank|\bascend|\bdescend")
_BY_VALUE = re.compile(
    r"\bnumbers?\b[^.;]*\b(?:by (?:their |its )?(?:value|size|amount)|numerical\w*|as numbers"
    r"|in (?:numerical|numeric|ascending|descending) order)\b"
    r"|\b(?:numerically|as numbers|by (?:numeric(?:al)? )?value|in numeric(?:al)? order)\b"
)
_NEGATIVE = re.compile(r"\bnegative\b|\bbelow (?:zero|0)\b|\bminus\b|\bsigned\b")
_PARTS = re.compile(r"\bdecimals?\b|\bfractions?\b|\bpoints?\b|\bparts\b|\bfloats?\b")
#: then they need not all be in one order
_ELSE = re.compile(
    r"\bgroup|\bexcept\b|\bunless\b|\babsolute\b|\bmagnitude\b|\bdistance\b|\bclosest"
)
_BETWEEN = re.compile(r"[,;|\t]")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
WHOLE, BELOW, PARTS = ("10", "9", "100", "20"), ("-3", "-20"), ("2.5", "30.25")


@dataclass(frozen=True)
class Ordered(Relation):
    """A few numbers in no order; of such kinds as a sentence speaks of."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where they do not come in the order of their values, as is told."""
        said = [one.text for one in sentences(self.fields, self.source)]
        by_value = any(_BY_VALUE.search(one) for one in said)
        sorts = any(_SORTS.search(one) for one in said)
        if not (by_value and sorts) or any(_ELSE.search(one) for one in said):
            return
        numbers = [*WHOLE]
        numbers[1:1] = BELOW if any(_NEGATIVE.search(one) for one in said) else ()
        numbers[3:3] = PARTS if any(_PARTS.search(one) for one in said) else ()
        for field in self.fields:
            for value in self._values(field, numbers):
                if field.takes(value) and self._is_mixed(field, value, numbers):
                    told = f"numbers in {field.name!a} do not come in the order of their values"
                    yield self.suspicion(told)
                    return

    def _values(self, field: Field, numbers: list[str]) -> Iterator[Any]:
        told = self.usual(field)
        if field.item is not None and field.item.is_free_text and isinstance(told, list):
            yield numbers
        elif field.is_free_text and isinstance(told, str):
            example = own.sent(field, told, self.source)
            if example is not None and isinstance(example.data, Table):
                yield from _tables(example.data, numbers)
            elif "\n" in told.strip():
                yield "\n".join(numbers)

    def _is_mixed(self, field: Field, value: Any, numbers: list[str]) -> bool:
        made = (self.made({field.name: value}) for _ in range(2))
        return all(one.succeeded and _are_mixed(one.output, numbers) for one in made)


def _tables(table: Table, numbers: list[str]) -> Iterator[str]:
    """The table with these in each of its columns of numbers."""
    for at in range(table.width):
        if table.are_numbers(at):
            cells = [*table.rows[0]]
            rows = [[*cells[:at], one, *cells[at + 1 :]] for one in numbers]
            yield table.having(rows).text()


def _are_mixed(output: Any, numbers: list[str]) -> bool:
    """Whether all of them are there, in no order."""
    wanted = sorted(map(float, numbers))
    text = output.splitlines() if isinstance(output, str) else []
    for found in [text, *lists(output)]:
        told = [_value(one, numbers) for one in found]
        values = [one for one in told if one is not None]
        if sorted(values) == wanted:
            ups = {one < other for one, other in pairwise(values)}
            return len(ups) > 1
    return False


def _value(one: Any, numbers: list[str]) -> float | None:
    if is_number(one):
        return float(one)
    cells = [*one.values()] if isinstance(one, dict) else one
    if isinstance(one, str):
        cells = [cell.strip() for cell in _BETWEEN.split(one)]
    if isinstance(cells, list):  # a row of a table
        one = next((str(cell) for cell in cells if str(cell) in numbers), "")
    return float(one) if isinstance(one, str) and _NUMBER.fullmatch(one.strip()) else None
