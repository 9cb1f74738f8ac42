"""Amounts of which the most is written as the least is: on the way something began anew."""

import re
from collections.abc import Iterator, Sequence

from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Inputs, Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.aims import ends
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
        limits = [] if field.choices else ends(field)
        if not _AMOUNT.fullmatch(field.name.lower()) or _ROUND.search(about) or len(limits) < 2:
            continue
        low, high = (_made(field, end, runs, base) for end in limits)
        if not _is_same(low, high) or not _is_other(field, limits, low, runs, base):
            continue
        if _is_same(runs.one(low.probe), runs.one(high.probe)):
            told = f"the most of {field.name!a} is written as the least of it is"
            yield Suspicion(rule=RULE, cause=told, detail=told, tried=high, is_proven=True)


def _made(field: Field, value: float, runs: Runs, base: Inputs) -> Tried:
    inputs = {**base, field.name: value}
    known = next((one for one in runs.history if one.probe.inputs == inputs), None)
    return known or runs.one(changed(base, {field.name: value}, "equations"))


def _is_same(low: Tried, high: Tried) -> bool:
    is_text = isinstance(low.output, str) and bool(_DIGIT.search(low.output))
    return is_text and low.output == high.output


def _is_other(field: Field, limits: Sequence[float], low: Tried, runs: Runs, base: Inputs) -> bool:
    """Whether two amounts between are written otherwise, and each in its own way."""
    between = [limits[0] + 1, limits[0] + (limits[1] - limits[0]) // 3]
    made = [_made(field, value, runs, base).output for value in between if field.takes(value)]
    return len({low.output, *(one for one in made if isinstance(one, str))}) == 3
