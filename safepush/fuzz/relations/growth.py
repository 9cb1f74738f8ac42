"""Whether the time grows faster than the input: texts and lists of four times the length."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.runs import Runs

#: characters, or a tenth as many items
SIZES = (2_000, 8_000, 32_000, 128_000)
STEP = 4
#: below this a machine's moods are longer than the work
LEAST_S = 0.25
#: twice as steep as in proportion: a square would be 16, a straight line 4
STEEP = 8.0
#: more is not waited for
ENOUGH_S = 2.0
MOST_FIELDS = 4
#: what patterns and parsers go through again and again: long runs of one sign that lead nowhere
RUNS_OF = {
    "spaces": (" ", "x"),
    "one letter": ("a", "!"),
    "brackets": ("(", ""),
    "lines": ("\n", "x"),
}
RUNS_FIELDS = 2


def tries(
    fields: Sequence[Field], base: Mapping[str, Any], runs: Runs
) -> Iterator[tuple[Tried, Suspicion | None]]:
    """Each prediction that is made, with what is suspected by then."""
    grown = [one for one in fields if _value(one, SIZES[0]) is not None][:MOST_FIELDS]
    for field in grown:
        yield from _longer([field], base, runs)
    texts = [one for one in grown if one.lists is None]
    if len(texts) > 1:  # as if each part of one were compared with each part of another
        yield from _longer(texts, base, runs)
    yield from _runs_of(fields, base, runs)


def _longer(
    fields: Sequence[Field], base: Mapping[str, Any], runs: Runs
) -> Iterator[tuple[Tried, Suspicion | None]]:
    """These inputs together, longer and longer, until it takes long or fails."""
    before: Tried | None = None
    for size in SIZES:
        values = {one.name: _value(one, size) for one in fields}
        if None in values.values():
            return
        tried = runs.one(changed(base, values, "growth"))
        steep = before is not None and _steep(before, tried)
        suspected = steep and before is not None and _again(before, tried, runs)
        yield tried, _suspicion([*values], tried, before) if suspected else None
        if not tried.succeeded or tried.seconds > ENOUGH_S or suspected:
            return
        before = tried


def _runs_of(
    fields: Sequence[Field], base: Mapping[str, Any], runs: Runs
) -> Iterator[tuple[Tried, Suspicion | None]]:
    """The longest run of one sign first; only where that takes long, how it grew."""
    for field in [one for one in fields if one.is_free_text][:RUNS_FIELDS]:
        for sign, end in RUNS_OF.values():
            made = [
                changed(base, {field.name: text}, "growth")
                for text in (sign * (size - len(end)) + end for size in _sizes(field))
                if field.takes(text)
            ]
            if not made:
                continue
            more = runs.one(made[-1])
            yield more, None
            if not more.succeeded or more.seconds < LEAST_S or len(made) == 1:
                continue
            less = runs.one(made[-2])
            steep = _steep(less, more) and _again(less, more, runs)
            yield less, _suspicion([field.name], more, less) if steep else None


def _sizes(field: Field) -> list[int]:
    """What is tried of a text; at least as much as it may hold: 40 are enough for some patterns."""
    most = None if field.texts is None else field.texts.longest
    return [size for size in SIZES if most is None or size <= most] or [most or 1]


def _value(field: Field, size: int) -> Any:
    """A text or a list of about that size, with little in it twice."""
    if field.is_file or field.choices or field.is_secret:
        return None
    value: Any = None
    if field.lists is not None and field.item is not None:
        if field.item.texts is not None and not field.item.choices:
            value = [f"w{at}" for at in range(size // 10)]
        elif field.item.numbers is not None:
            value = list(range(1, size // 10 + 1))
    elif field.texts is not None and not field.texts.patterns:
        value = _text(size)
    return value if value is not None and field.takes(value) else None


@cache  # a text for each of the sizes
def _text(size: int) -> str:
    return " ".join(f"w{at}" for at in range(size // 4))[:size]


def _steep(before: Tried, after: Tried) -> bool:
    both = before.succeeded and after.succeeded
    return both and after.seconds > LEAST_S and after.seconds > STEEP * max(before.seconds, 1e-3)


def _again(before: Tried, after: Tried, runs: Runs) -> bool:
    """Whether it is so once more: a machine has its moods."""
    less, more = runs.one(before.probe), runs.one(after.probe)
    slow = min((before, less), key=lambda one: -one.seconds)
    fast = min((after, more), key=lambda one: one.seconds)
    return _steep(slow, fast)


def _suspicion(names: Sequence[str], tried: Tried, before: Tried | None) -> Suspicion:
    earlier = 0.0 if before is None else before.seconds
    detail = f"{STEP} times the length took {tried.seconds / max(earlier, 1e-3):.0f} times as long"
    return Suspicion(
        rule="fuzz-slow", cause=f"slow: {', '.join(names)}", detail=detail, tried=tried
    )
