"""An input that shows something made as small as it still shows it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from safepush.fuzz.probe import Inputs

#: whether smaller inputs show the same
Shows = Callable[[Inputs], bool]


def shrunk(inputs: Inputs, base: Inputs, required: frozenset[str], shows: Shows) -> Inputs:
    """The inputs with as little in them that is unusual as can be; `shows` may say it is tired.

    First whole inputs go back to what is usual, or go; then each value gets shorter or smaller.
    """
    made = dict(inputs)
    for name in list(made):
        if name in base and made[name] != base[name]:
            made = _better({**made, name: base[name]}, made, shows)
        elif name not in base:
            made = _better({key: each for key, each in made.items() if key != name}, made, shows)
    for name in list(made):
        if name not in required:
            made = _better({key: each for key, each in made.items() if key != name}, made, shows)
    for name in list(made):
        if name not in base or made[name] != base[name]:
            made = _smaller(made, name, base.get(name), shows)
    return made


def _better(candidate: dict[str, Any], made: dict[str, Any], shows: Shows) -> dict[str, Any]:
    return candidate if shows(candidate) else made


def _smaller(made: dict[str, Any], name: str, usual: Any, shows: Shows) -> dict[str, Any]:
    """One value made smaller step by step, as long as that works."""
    while True:
        for value in _steps(made[name], usual):
            if value != made[name] and shows({**made, name: value}):
                made = {**made, name: value}
                break
        else:
            return made


def _steps(value: Any, usual: Any) -> Iterator[Any]:
    """Smaller values, the smallest first."""
    if isinstance(value, str) and not value.startswith("data:"):
        yield from _shorter(value)
    elif isinstance(value, list):
        yield from _fewer(value)
        for at, item in enumerate(value[:4]):
            smaller = next(iter(_steps(item, None)), None)
            if smaller is not None:
                yield [*value[:at], smaller, *value[at + 1 :]]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _nearer(value, usual)
    elif isinstance(value, Mapping):
        for name in value:
            yield {key: each for key, each in value.items() if key != name}


def _shorter(text: str) -> Iterator[str]:
    if not text:
        return
    yield ""
    if len(text) == 1:
        return
    unusual = [letter for letter in dict.fromkeys(text) if not letter.isalnum() or letter > "~"]
    yield from unusual[:12]
    yield text[0]
    half = len(text) // 2
    yield from (text[:half], text[half:])
    quarter = max(1, len(text) // 4)
    if quarter < half:
        yield from (text[quarter:], text[:-quarter])


def _fewer(items: list[Any]) -> Iterator[list[Any]]:
    if not items:
        return
    yield []
    if len(items) > 1:
        half = len(items) // 2
        yield from ([items[0]], items[:half], items[half:])
        if len(items) <= 6:
            yield from (items[:at] + items[at + 1 :] for at in range(len(items)))


def _nearer(value: float, usual: Any) -> Iterator[float]:
    for small in (0, 1, -1):
        if abs(small) < abs(value):
            yield small
    start = usual if isinstance(usual, int | float) and not isinstance(usual, bool) else 0
    if isinstance(value, int) and isinstance(start, int):
        middle = (value + start) // 2
        yield from (one for one in (middle, value - (1 if value > start else -1)) if one != start)
