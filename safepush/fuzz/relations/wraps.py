"""Amounts of which the most is written as the least is: on the way something began anew."""

import re
from collections.abc import Iterator, Sequence

from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs

_AMOUNT = re.compile(
    r"(?:\w+_)?(?:m?s|milliseconds|seconds|minutes|hours|days|duration|bytes|size|amount|count"
    r"|number|value|total|price|cents|length|distance)"
)
#: what comes round again, or stays where it is
_ROUND = re.compile(r"angle|degree|hue|phase|modulo|wrap|clamp|round|cap|at most|seed|offset|index")
_DIGIT = re.compile(r"\d")


def suspicions(fields: Sequence[Field], runs: Runs) -> Iterator[Suspicion]:
    """Texts with numbers in them that are the same at both ends, and another one between."""
    for field in fields:
        about = f"{field.name} {field.description}".lower()
        if field.choices or not _AMOUNT.fullmatch(field.name.lower()) or _ROUND.search(about):
            continue
        ends = _ends(field)
        told = [_made(field, end, runs.history) for end in ends]
        others = [one.output for one in _alone(field, runs.history)]
        if len(told) == 2 and None not in told and _is_same(told, others):
            again = [runs.one(one.probe) for one in told if one is not None]
            tried = told[1]
            if tried is not None and _is_same(again, others):
                cause = f"the most of {field.name!a} is written as the least of it is"
                yield Suspicion(rule=RULE, cause=cause, detail=cause, tried=tried, is_proven=True)


def _ends(field: Field) -> list[float]:
    found = field.numbers
    bounds = [found.low, found.high] if found is not None else []
    return [number(one.value) for one in bounds if one is not None and not one.open]


def _alone(field: Field, history: Sequence[Tried]) -> list[Tried]:
    return [one for one in history if one.succeeded and set(one.probe.changed) <= {field.name}]


def _made(field: Field, value: float, history: Sequence[Tried]) -> Tried | None:
    made = (one for one in _alone(field, history) if one.probe.inputs.get(field.name) == value)
    return next(made, None)


def _is_same(ends: Sequence[Tried | None], others: Sequence[object]) -> bool:
    low, high = (None if one is None else one.output for one in ends)
    is_text = isinstance(low, str) and bool(_DIGIT.search(low))
    return is_text and low == high and len({one for one in others if isinstance(one, str)}) > 2
