"""Usual texts with one part of them altered: nearly in the format that the model reads."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from safepush.fuzz.fields import Field

#: longer texts are prose, and more parts of one are not altered
LONGEST, MOST_PARTS = 200, 4
#: a whole number that no float is
LONG = "1234567890123456789"
#: members that a JSON text is given in the place of its own
_VALUES: tuple[Any, ...] = (None, [], {}, "x", 0, True)
#: what is before and after the first sign that parts a line
_BETWEEN = re.compile(r"(?P<head>[^:,;=|\t]+)(?P<sign>[:,;=|\t]\s*)(?P<tail>\S.*)")
_PARTS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|\s+|.", re.DOTALL)


def ideas(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One text input at a time, each in turn."""
    told = {one.name: base.get(one.name, one.default) for one in fields if one.is_text}
    queues = {name: list(edited(text)) for name, text in told.items() if isinstance(text, str)}
    known = {one.name: one for one in fields}
    for at in range(max(map(len, queues.values()), default=0)):
        yield from (
            {name: texts[at]}
            for name, texts in queues.items()
            if at < len(texts) and known[name].takes(texts[at])
        )


def edited(text: str) -> Iterator[str]:
    """Texts with other numbers, other words, fewer or more parts; none of what is only words."""
    members = list(_retyped(text))
    if members:
        yield from members
        return
    parts = _PARTS.findall(text)
    numbers = [at for at, part in enumerate(parts) if part[0].isdigit()]
    words = [at for at, part in enumerate(parts) if part.isalpha()]
    signs = [at for at, part in enumerate(parts) if _is_sign(part)]
    if len(text) > LONGEST or not (numbers or len(signs) > 1):
        yield from agreeing(text)
        return
    # dealt out like cards: nobody knows which of them the format hangs on
    for hand in zip_longest(
        [*_all(parts, numbers), *_altered(parts, numbers, ("0", "99999", "-1", "x", ""))],
        [_with(parts, words, "x"), *_altered(parts, words, ("x", "", "7"))],
        [*_cut(parts, signs[:MOST_PARTS])],
        [*agreeing(text)],
    ):
        yield from (one for one in hand if one is not None)


def agreeing(text: str) -> Iterator[str]:
    """Lines that begin alike, and such that end alike: names and keys that come twice."""
    lines = [one for one in text.splitlines() if one.strip()]
    found = [_BETWEEN.fullmatch(one) for one in lines]
    told = [one for one in found if one is not None]
    if len(text) <= LONGEST and len(lines) > 2:
        yield "\n".join([*lines, lines[1]])
    if len(text) <= LONGEST and 1 < len(lines) == len(told):
        yield "\n".join(f"{told[0]['head']}{one['sign']}{one['tail']}" for one in told)
        yield "\n".join(f"{one['head']}{one['sign']}{told[0]['tail']}" for one in told)
    items = [one.strip() for one in text.split(",")] if len(lines) == 1 else []
    if len(text) <= LONGEST and len(items) > 2 and all(items):
        first = items[0]
        again = first.replace(" ", "-") if " " in first else f"{first}!"
        yield ", ".join([first, again, *items[2:]])


def _is_sign(part: str) -> bool:
    return "\n" in part or not (part.isspace() or part[0].isalnum())


def _cut(parts: Sequence[str], signs: Sequence[int]) -> Iterator[str]:
    """All that is before a sign; then the whole without it, or with two of it."""
    yield from ("".join(parts[:at]) for at in signs)
    yield from (_with(parts, [at], parts[at] * times) for times in (0, 2) for at in signs)


def _altered(parts: Sequence[str], places: Sequence[int], news: Sequence[str]) -> Iterator[str]:
    yield from (_with(parts, [at], new) for new in news for at in places[:MOST_PARTS])


def _all(parts: Sequence[str], numbers: Sequence[int]) -> Iterator[str]:
    yield from (_with(parts, numbers, new) for new in ("0", LONG))


def _retyped(text: str) -> Iterator[str]:
    """A JSON object with members of other types, one at a time, and without each."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return
    names = list(told)[:MOST_PARTS] if isinstance(told, dict) else []
    for value in _VALUES:
        yield from (json.dumps({**told, name: value}) for name in names)
    for name in names:
        yield json.dumps({key: value for key, value in told.items() if key != name})


def _with(parts: Sequence[str], places: Sequence[int], new: str) -> str:
    return "".join(new if at in places else part for at, part in enumerate(parts))
