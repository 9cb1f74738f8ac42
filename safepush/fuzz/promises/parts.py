"""The parts of an output, by where they stand in it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

Number = int | float
_DEEP = (list, dict, Mapping)
_PLAIN = (str, int, float)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether it is a number, and no switch."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def objects(output: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of an output, those inside of others too."""
    if isinstance(output, Mapping):
        yield output
    for each in _inside(output):
        yield from objects(each)


def numbers(one: Mapping[str, Any]) -> Mapping[tuple[str, ...], Number]:
    """The numbers of an object, by the words of their names."""
    return {tuple(words_of(name)): each for name, each in one.items() if is_number(each)}


def lists(output: Any) -> Iterator[list[Any]]:
    """Every list of an output."""
    if isinstance(output, list):
        yield output
    for each in _inside(output):
        yield from lists(each)


def _inside(output: Any) -> Iterator[Any]:
    """The lists and objects right in one: of what is neither there may be thousands."""
    if isinstance(output, list | Mapping):
        inner = output.values() if isinstance(output, Mapping) else output
        yield from (each for each in inner if isinstance(each, _DEEP))


def texts(output: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of each text; all items of a list are at one place."""
    if isinstance(output, str):
        yield place, output
    elif isinstance(output, list):
        inside = f"{place}[]"
        for each in output:  # there may be thousands, and most often of texts alone
            if isinstance(each, str):
                yield inside, each
            elif not isinstance(each, _PLAIN):
                yield from texts(each, inside)
    elif isinstance(output, Mapping):
        for name, each in output.items():
            yield from texts(each, f"{place}.{name}")


def members(output: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of every member of every object in an output."""
    if isinstance(output, Mapping):
        for name, each in output.items():
            yield name, each
            yield from members(each)
    elif isinstance(output, list):
        for each in output:
            yield from members(each)


def leaves(output: Any) -> Iterator[Any]:
    """Every text and number of an output."""
    if isinstance(output, Mapping | list):
        for each in output.values() if isinstance(output, Mapping) else output:
            if isinstance(each, _PLAIN):
                yield each
            else:
                yield from leaves(each)
    elif output is not None:
        yield output


def words_of(name: str) -> list[str]:
    """The words that a name is made of, in small letters."""
    return re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())


def scored(output: Any, named: re.Pattern[str], *, pairs: bool = False) -> Iterator[list[Number]]:
    """For each list of objects, the numbers in it that have such a name, in order.

    `pairs`: also of items such as [name, score].
    """
    for items in lists(output):
        found = [_score(one, named, pairs) for one in items]
        if found and None not in found:
            yield [one for one in found if one is not None]


def _score(item: Any, named: re.Pattern[str], pairs: bool) -> Number | None:
    if isinstance(item, list) and pairs:
        is_pair = len(item) == 2 and isinstance(item[0], str) and is_number(item[1])
        return item[1] if is_pair else None
    if not isinstance(item, Mapping):
        return None
    values = [each for name, each in item.items() if named.search(name.lower())]
    return values[0] if len(values) == 1 and is_number(values[0]) else None


def joined(output: Any) -> str | None:
    """A text in one piece, also where it comes in several, or is the only text of an object."""
    if isinstance(output, Mapping):
        told = [one for one in output.values() if isinstance(one, str)]
        return told[0] if len(told) == 1 else None
    if isinstance(output, list) and output and all(isinstance(one, str) for one in output):
        return "".join(output)
    return output if isinstance(output, str) else None


def document(value: Any) -> Any:
    """An object, given as it is, or an object or a list as JSON text; None of what is neither."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None
