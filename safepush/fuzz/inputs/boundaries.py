"""The edges of every constraint, each choice, each switch, and null where it may be sent."""

from collections.abc import Iterator
from typing import Any

from safepush.compat.shapes import Numbers, exact, number
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import usual

#: longer texts and lists are not made just to be at an edge
LONGEST, MOST = 1 << 18, 4096
#: beside an edge where no step is told: three digits of it are those of the edge
NEAR = 0.0004


def edges(field: Field) -> list[Any]:
    """Values that the schema names itself: its limits and its choices; these must be taken."""
    made: list[Any] = list(field.choices)
    if field.numbers is not None:
        bounds = (field.numbers.high, field.numbers.low)
        made += [number(one.value) for one in bounds if one is not None and not one.open]
    return [value for value in made if field.takes(value) and value != field.default]


def values(field: Field) -> list[Any]:
    """The edges, what is just inside of them, lengths at their limits, and null."""
    made = [None] if field.takes_null and field.default is not None else []
    made += edges(field)
    if field.takes_null and field.default is None:
        made.append(None)
    if field.numbers is not None:
        made += _beside(field.numbers)
    made += _lengths(field)
    return [value for value in made if field.takes(value)]


def _beside(found: Numbers) -> Iterator[Any]:
    step = found.step or exact(NEAR)
    for bound, way in ((found.high, -1), (found.low, 1)):
        if bound is not None:
            yield number(bound.value + step * way)


def _lengths(field: Field) -> Iterator[Any]:
    texts, lists = field.texts, field.lists
    if texts is not None and not field.choices:
        for length in (texts.longest, texts.shortest):
            if length is not None and 0 < length <= LONGEST:
                yield ("word " * (length // 5 + 1))[:length]
                yield "a" * length
    if lists is not None and field.item is not None:
        item = next(iter(_items(field.item)), None)
        for count in (lists.most, lists.fewest):
            if count is not None and 0 <= count <= MOST and item is not None:
                yield [item] * count


def _items(item: Field) -> Iterator[Any]:
    yield from usual.values_of(item)
