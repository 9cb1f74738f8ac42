"""Amounts of which the most is written as the least is: on the way something began anew."""

import re
from collections.abc import Iterator, Sequence

from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Inputs, Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs

_AMOUNT = re.compile(
    r"(?:\w+_)?(?:m?s|milliseconds|seconds|minutes|hours|days|duration|bytes|size|amount|count"
    r"|number|value|total|price|cents|length|distance)"
)
#: what comes round again, or stays where it is
_ROUND = re.compile(r"angle|degree|hue|phase|modulo|wrap|clamp|round|cap|at most|seed|offset|index")
_DIGIT = re.compile(r"\d")


def suspicions(fields: Sequence[Field], runs: Runs, base: Inputs) -> Iterator[Suspicion]:
    """Texts with numbers in them that are the same at both ends, and others between."""
    for field in fields:
        about = f"{field.name} {field.description}".lower()
        ends = _ends(field)
        if not _AMOUNT.fullmatch(field.name.lower()) or _ROUND.search(about) or len(ends) < 2:
            continue
        low, high = (_made(field, end, runs, base) for end in ends)
        if not _is_same(low, high) or not _is_other(field, ends, low, runs, base):
            continue
        if _is_same(runs.one(low.probe), runs.one(high.probe)):
            told = f"the most of {field.name!a} is written as the least of it is"
            yield Suspicion(rule=RULE, cause=told, detail=told, tried=high, is_proven=True)


def _ends(field: Field) -> list[float]:
    found = field.numbers if not field.choices else None
    bounds = [found.low, found.high] if found is not None else []
    return [number(one.value) for one in bounds if one is not None and not one.open]


def _made(field: Field, value: float, runs: Runs, base: Inputs) -> Tried:
    inputs = {**base, field.name: value}
    known = next((one for one in runs.history if one.probe.inputs == inputs), None)
    return known or runs.one(changed(base, {field.name: value}, "equations"))


def _is_same(low: Tried, high: Tried) -> bool:
    is_text = isinstance(low.output, str) and bool(_DIGIT.search(low.output))
    return is_text and low.output == high.output


def _is_other(field: Field, ends: Sequence[float], low: Tried, runs: Runs, base: Inputs) -> bool:
    """Whether two amounts between are written otherwise, and each in its own way."""
    between = [ends[0] + 1, ends[0] + (ends[1] - ends[0]) // 3]
    made = [_made(field, value, runs, base).output for value in between if field.takes(value)]
    return len({low.output, *(one for one in made if isinstance(one, str))}) == 3
