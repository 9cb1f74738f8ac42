"""Numbers that are given and not taken: every end, and between the ends as far as grids repeat."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from safepush.compat.gaps import Gap
from safepush.compat.shapes import Bound, Choices, Numbers, Shape, exact, kind, number
from safepush.compat.values import accepts, branch_accepts, numbers
from safepush.findings import NO_EXAMPLE

#: beyond this, grids that do not fit are not walked until they repeat
MAX_PERIOD = 64
_SURE = True
_HALVES = (Fraction(1, 2), Fraction(-1, 2), Fraction(1), Fraction(-1))


def uncovered(given: Numbers, taken: Shape) -> tuple[Any, bool]:
    """(a number that is given and not taken, or NO_EXAMPLE; whether that answer is sure)."""
    rivals = [one for one in taken.branches if isinstance(one, Numbers)]
    singles = [
        exact(value)
        for one in taken.branches
        if isinstance(one, Choices)
        for value in one.values
        if kind(value) == "number"
    ]
    period = _period(given, rivals)
    sure = period <= MAX_PERIOD
    for point in _points(given, rivals, singles, min(period, MAX_PERIOD)):
        value = number(point)
        if branch_accepts(given, value) is False:
            continue
        told = accepts(taken, value)
        if told is False:
            return value, _SURE
        sure = sure and told is not None
    return NO_EXAMPLE, sure


def _period(given: Numbers, rivals: list[Numbers]) -> int:
    """After how many points of the given grid the others stand to it as before."""
    if given.step is None:
        return 1
    steps = [one.step / given.step for one in rivals if one.step is not None]
    return math.lcm(*(step.numerator for step in steps)) if steps else 1


def _points(
    given: Numbers, rivals: list[Numbers], singles: list[Fraction], period: int
) -> Iterator[Fraction]:
    ends = {bound.value for one in (given, *rivals) for bound in (one.low, one.high) if bound}
    marks = sorted({*ends, *singles, Fraction(0)})
    yield from marks
    far = (given.step or 1) * (period + 2)
    steps = [one.step for one in rivals if one.step is not None]
    for low, high in pairwise([marks[0] - far, *marks, marks[-1] + far]):
        if given.step is None:
            yield _off_grids(low, high, steps)
        else:
            first = math.floor(low / given.step) + 1
            last = min(first + period, math.ceil(high / given.step))
            yield from (given.step * at for at in range(first, last))


def _off_grids(low: Fraction, high: Fraction, steps: list[Fraction]) -> Fraction:
    """A number between two that is on none of the grids."""
    middle = (low + high) / 2
    for part in (2, 3, 5, 7, 11, 13, 17, 19):
        # as a float, since that is what can be sent
        point = exact(float(low + (high - low) / part))
        inside = low < point < high
        if inside and all((point / step).denominator != 1 for step in steps):
            return point
    return middle


def range_gaps(given: Numbers, taken: Numbers) -> list[Gap]:
    """What is tighter in one range than in the other, each with a number that shows it."""
    values = [one for one in [*numbers(given), *numbers(taken)] if branch_accepts(given, one)]
    gaps = []
    if taken.step is not None and (given.step is None or given.step % taken.step):
        gaps.append(_step_gap(given, taken, values))
    low, high = taken.low, taken.high
    if low is not None and (given.low is None or _is_outside(given.low, low, -1)):
        example = _outside(values, low, -1)
        gaps.append(_range("minimum", given.low, low, example))
    if high is not None and (given.high is None or _is_outside(given.high, high, 1)):
        example = _outside(values, high, 1)
        gaps.append(_range("maximum", given.high, high, example))
    return gaps


def _step_gap(given: Numbers, taken: Numbers, values: list[Any]) -> Gap:
    near = [
        number(end * way) for end in (taken.step or Fraction(1), Fraction(1)) for way in _HALVES
    ]
    ends = [one for one in values if branch_accepts(given, one)]
    made = [*near, *(number(exact(one) + exact(way)) for one in ends for way in near)]
    inside = (one for one in [*values, *made] if branch_accepts(given, one))
    off = (one for one in inside if taken.step and exact(one) % taken.step)
    example = next(off, NO_EXAMPLE)
    if taken.step == 1 and not given.is_integer:
        return Gap(name="kinds", given="number", taken="integer", example=example)
    return Gap(name="range", given=_step(given), taken=_step(taken), example=example)


def _step(numbers: Numbers) -> str:
    return "any" if numbers.step is None else f"multiple of {number(numbers.step)}"


def _is_outside(bound: Bound, limit: Bound, sign: int) -> bool:
    if bound.value == limit.value:
        return limit.open and not bound.open
    return (bound.value - limit.value) * sign > 0


def _outside(values: list[Any], limit: Bound, sign: int) -> Any:
    """Of the values beyond a limit the nearest, or the limit itself where it is open."""
    beyond = [one for one in values if _is_outside(Bound(exact(one)), limit, sign)]
    return min(beyond, key=lambda one: abs(exact(one) - limit.value), default=NO_EXAMPLE)


def _range(word: str, given: Bound | None, taken: Bound, example: Any) -> Gap:
    return Gap(name="range", given=_bound(word, given), taken=_bound(word, taken), example=example)


def _bound(word: str, bound: Bound | None) -> str:
    if bound is None:
        return f"no {word}"
    return f"{word} {number(bound.value)}{' excluded' if bound.open else ''}"
