"""Usual texts with one part of them altered: nearly in the format that the model reads."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safepush.fuzz.fields import Field

#: longer texts are prose, and more parts of one are not altered
LONGEST, MOST_PARTS = 200, 4
#: members that a JSON text is given in the place of its own
_VALUES: tuple[Any, ...] = (None, [], {}, "x", 0, True)
_PARTS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|\s+|.", re.DOTALL)


def ideas(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One text input at a time, each in turn."""
    told = {one.name: base.get(one.name, one.default) for one in fields if _is_free_text(one)}
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
    signs = [at for at, part in enumerate(parts) if not part.isspace() and not part[0].isalnum()]
    if len(text) > LONGEST or not (numbers or len(signs) > 1):
        return
    yield from (_with(parts, numbers, "0"), _with(parts, words, "x"))
    for at in numbers[:MOST_PARTS]:
        yield from (_with(parts, [at], new) for new in ("0", "99999", "-1", "x", ""))
    for at in words[:MOST_PARTS]:
        yield from (_with(parts, [at], new) for new in ("x", "", "7"))
    for at in signs[:MOST_PARTS]:
        yield from ("".join(parts[:at]), _with(parts, [at], ""), _with(parts, [at], parts[at] * 2))


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


def _is_free_text(field: Field) -> bool:
    return field.texts is not None and not field.choices and not field.is_secret
