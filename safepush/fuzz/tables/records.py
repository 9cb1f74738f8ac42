"""Odd records of a model's own: JSON, or JSON in lines, with other values and other members."""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from safepush.fuzz.tables.examples import Example, written
from safepush.fuzz.tables.odd import LETTERS, LONG, MARK, Odd

Path = tuple[str | int, ...]
#: members that are altered, and lists
MOST_MEMBERS, MOST_LISTS = 8, 3
_NUMBERS: tuple[tuple[str, Any], ...] = (
    ("null", None), ("a text", "many"), ("0", 0), ("a number below zero", -3.5), ("a list", []),
    ("a number as a text", "12"), ("1e308", 1e308), ("true", True), ("a fraction", 0.125),
    ("an object", {}), ("a long number", 10**18 + 7),
)  # fmt: skip
_TEXTS: tuple[tuple[str, Any], ...] = (
    ("null", None), ("no letters", ""), ("a number", 7), ("a list", []), ("blanks", "  "),
    ("letters of many kinds", LETTERS), ("an object", {}), ("a line break", "amber\nbirch"),
    ("true", True), ("2,000 letters", "amber " * 400),
)  # fmt: skip
_LISTS: tuple[tuple[str, Any], ...] = (("null", None), ("a text", "many"), ("an object", {}))


def of(example: Example) -> Iterator[Odd]:
    """The most telling first; the items of its list, its members and how it is written, dealt."""
    data, form = example.data, example.form
    queues = [_items(data, place) for place in _lists(data)[:MOST_LISTS]]
    items = (one for hand in zip_longest(*queues) for one in hand if one is not None)
    parts = list(_parts(data))
    ways = [Odd(f"with {name}", written(made, form)) for name, made in items]
    cells = [Odd(f"with {name}", written(made, form)) for name, made in parts]
    for hand in zip_longest(ways, cells[::2], cells[1::2], _written(example)):
        yield from (one for one in hand if one is not None)


def _lists(data: Any) -> list[Path]:
    """Where its lists are."""
    return [path for path, told in _walk(data) if isinstance(told, list) and told]


def _walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each value with its place; of a list the item that has most in it alone."""
    yield path, data
    if isinstance(data, dict):
        for name, each in data.items():
            yield from _walk(each, (*path, name))
    elif isinstance(data, list) and data:
        sizes = [len(json.dumps(one)) for one in data]
        at = len(data) // 2
        at = at if len({*sizes}) == 1 or sizes[at] == max(sizes) else sizes.index(max(sizes))
        yield from _walk(data[at], (*path, at))


def put(data: Any, path: Path, value: Any) -> Any:
    """The same with another value at a place."""
    if not path:
        return value
    at, *rest = path
    if isinstance(data, dict):
        return {k: put(v, tuple(rest), value) if k == at else v for k, v in data.items()}
    return [put(v, tuple(rest), value) if n == at else v for n, v in enumerate(data)]


def _dropped(data: Any, path: Path) -> Any:
    *outer, last = path
    held = _at(data, outer)
    return put(data, tuple(outer), {k: v for k, v in held.items() if k != last})


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for one in path:
        data = data[one]
    return data


def _items(data: Any, place: Path) -> Iterator[tuple[str, Any]]:
    items = _at(data, place)
    first = items[0]
    of = f" in {place[-1]}" if place else ""
    for name, made in {
        "no items": [],
        "null among its items": [*items[:1], None, *items[1:]],
        "an item of another kind": [*items[:1], "text" if isinstance(first, dict) else {}],
        "one item": [first],
        "an item twice": [first, *items],
        "two items that are the same": [first, first],
        "items turned round": items[::-1],
        "an empty item": [*items, {} if isinstance(first, dict) else ""],
    }.items():
        yield f"{name}{of}", put(data, place, made)
    yield f"a thousand items{of}", put(data, place, (items * LONG)[:LONG])


def _parts(data: Any) -> Iterator[tuple[str, Any]]:
    """Members of other kinds, one at a time, and without each."""
    found = [(path, told) for path, told in _walk(data) if path and isinstance(path[-1], str)]
    found.sort(key=lambda one: -len(one[0]))
    queues = [list(_member(data, path, told)) for path, told in found[:MOST_MEMBERS]]
    for hand in zip_longest(*queues):
        yield from (one for one in hand if one is not None)
    if found:
        outer = found[0][0][:-1]
        yield "a member more", put(data, outer, {**_at(data, outer), "note": "more"})
        yield "members in another order", put(data, outer, dict([*_at(data, outer).items()][::-1]))


def _member(data: Any, path: Path, told: Any) -> Iterator[tuple[str, Any]]:
    name = str(path[-1])
    yield f"an item that lacks {name}" if len(path) > 1 else f"no {name}", _dropped(data, path)
    is_number = isinstance(told, int | float)
    odd = _NUMBERS if is_number else _LISTS if isinstance(told, list | dict) else _TEXTS
    for what, value in odd:
        yield f"{what} in {name}", put(data, path, value)


def _written(example: Example) -> Iterator[Odd]:
    text, form = example.text, example.form
    if form == "lines":
        lines = text.splitlines(keepends=True)
        yield Odd("whose last line has no end", text.rstrip("\n"))
        yield Odd("with an empty line in the middle", "".join([*lines[:1], "\n", *lines[1:]]))
        yield Odd("with CR LF", text.replace("\n", "\r\n"))
        yield Odd("with a line cut in half", "".join([lines[0][:5], "\n", *lines[1:]]), sound=False)
        yield Odd("of one line", lines[0])
        yield Odd("of no lines", "\n")
    else:
        yield Odd("over many lines", json.dumps(example.data, indent=2))
        yield from (Odd(one, one) for one in ("{}", "[]", "null", '"text"', "1"))
        yield Odd("cut in half", text[: len(text) // 2], sound=False)
    yield Odd("with a byte order mark", MARK + text, is_for_files=True)
    yield Odd("in UTF-16", text, "utf-16", is_for_files=True)


def members(data: Any) -> Iterator[tuple[str, Path]]:
    """(name, where) of each member."""
    yield from ((path[-1], path) for path, _ in _walk(data) if path and isinstance(path[-1], str))
