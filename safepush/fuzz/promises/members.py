"""What the members of an output say of each other: ends after starts, in their order, a whole."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sums
from safepush.fuzz.promises.boxes import is_box
from safepush.fuzz.promises.parts import Number, is_number, lists, scored
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.sums import LESS, ROUNDED, RULE

#: words in the names of two members, of which the first one is never more than the other
_ORDERED = {
    "start": ("end", "stop"),
    "begin": ("end",),
    "min": ("max", "mean", "median", "average", "avg"),
    "minimum": ("maximum", "mean", "median", "average"),
    "mean": ("max",),
    "median": ("max",),
    "average": ("max", "maximum"),
    "low": ("high",),
    "lower": ("upper",),
    "lowest": ("highest",),
    "shortest": ("longest",),
    "smallest": ("largest",),
    "q1": ("median", "q3"),
    "p25": ("p50", "p75"),
    "x0": ("x1",),
    "y0": ("y1",),
    "xmin": ("xmax",),
    "ymin": ("ymax",),
}
_CHANCE = re.compile(r"(?:^|_)(?:confidence|probability|probabilities|prob|probs)$")
_SCORE = re.compile(r"(?:^|_)(?:score|confidence|probability|prob)$")
_PERCENT = re.compile(r"(?:^|_)(?:percent|percentage|pct)(?:$|_)")
#: what there cannot be less than nothing of
_AMOUNT = re.compile(
    r"(?:^|_)(?:counts?|length|duration|words|characters|chars|letters|lines|sentences"
    r"|variance|std|stdev|frames|pixels|occurrences)$"
)
_WEEK = re.compile(r"\d{4}-W\d\d")
_NEGATIVE = re.compile(r"\bnegative\b|\b(?:below|under|less than) (?:0|zero|nothing)\b")
_BESIDE = frozenset(
    {"labels", "scores", "probabilities", "confidences", "boxes", "values", "keys", "names", "x"}
    | {"y", "tokens", "ids", "offsets", "starts", "ends", "timestamps", "times", "classes"}
)
_TIME = re.compile(r"^(?:start|begin|time|timestamp|start_time|start_s)$")
_SORTS = re.compile(r"sort|most_common|nlargest|topk|top_k|rank")
_ORDERS = re.compile(r"sort|order|rank|desc|asc|revers|shuffle|by$")
#: and those that say how long a vector is to be, or how exact
_SCALES = re.compile(r"norm|scal|unit|raw|decimal|digit|round|precis|dim|trunc|quanti|bits")


def promises(fields: Sequence[Field], usual: Made, source: Source) -> Iterator[Promise]:
    """What holds in the usual output by the names of its members."""
    yield from _ordered()
    if not any(_NEGATIVE.search(one.description.lower()) for one in fields):
        yield Promise(rule=RULE, broken="there is less than nothing of something", kept=_amounts)
    yield Promise(rule=RULE, broken="a score is not between 0 and 1", kept=_chances)
    yield Promise(rule=RULE, broken="a part is not between 0 and 100 percent", kept=_percents)
    for whole in (1, 100):
        told = f"the parts do not make {whole} together, as with the usual inputs"
        yield Promise(rule=RULE, broken=told, kept=partial(_whole, whole))
    yield from sums.promises(fields, usual)
    told = "a week is not the one that the day beside it is in"
    yield Promise(rule=RULE, broken=told, kept=_weeks)
    yield Promise(rule=RULE, broken="a vector is not of length 1", kept=_unit)
    yield Promise(
        rule=RULE, broken="lists that belong together are not of one length", kept=_beside
    )
    yield Promise(rule=RULE, broken="ranks are not counted one by one", kept=_ranked)
    told = "the items do not come in the order of time"
    yield Promise(rule=RULE, broken=told, kept=partial(_rising, _TIME))
    if _SORTS.search(source.text):
        told = "the items do not come by their scores, best first"
        yield Promise(rule=RULE, broken=told, kept=_falling)


def _ordered() -> Iterator[Promise]:
    for low, highs in _ORDERED.items():
        for high in highs:
            told = f"{low!a} is more than {high!a} in the output"
            kept = partial(_in_order, low, high)
            yield Promise(rule=RULE, broken=told, kept=kept, always=True)


def _in_order(low: str, high: str, made: Made) -> bool | None:
    if low not in made.words or high not in made.words:
        return None
    given = [one for one in made.inputs.values() if is_number(one)]
    told = [pair for one in made.numbers for pair in _two(one, low, high)]
    # who sends a day that begins at 22 and ends at 6 may be told so
    found = [(a, b) for a, b in told if a not in given and b not in given]
    apart = 1e-6  # sums of the same numbers in another order
    return all(a <= b + apart * max(1, abs(b)) for a, b in found) if found else None


def _two(
    named: Mapping[tuple[str, ...], Number], low: str, high: str
) -> Iterator[tuple[Number, Number]]:
    """Members whose names differ in these words alone."""
    for words, value in named.items():
        if low in words:
            at = words.index(low)
            other = named.get((*words[:at], high, *words[at + 1 :]))
            if other is not None:
                yield value, other


def _named(made: Made, named: re.Pattern[str]) -> list[Any]:
    """Numbers of such a name, alone or in a list of that name."""
    found: list[Any] = []
    for one in made.objects:
        for name, value in one.items():
            if named.search(name.lower()):
                found += value if isinstance(value, list) else [value]
    return [one for one in found if is_number(one)]


def _amounts(made: Made) -> bool | None:
    found = _named(made, _AMOUNT)
    return min(found) >= 0 if found else None


def _chances(made: Made) -> bool | None:
    labelled = [one["score"] for one in made.objects if {"label", "score"} <= one.keys()]
    found = _named(made, _CHANCE) + [one for one in labelled if is_number(one)]
    return min(found) >= -1e-6 and max(found) <= 1 + 1e-6 if found else None


def _percents(made: Made) -> bool | None:
    found = _named(made, _PERCENT)
    return min(found) >= -1e-6 and max(found) <= 100.01 if found else None


def _whole(whole: float, made: Made) -> bool | None:
    """Whether numbers that stand alone in an object or a list make a whole, each of them."""
    if any(LESS.search(name.lower()) for name in made.changed):
        return None
    told = [list(one.values()) for one in made.objects if not is_box(one)]
    told += lists(made.output)
    # of two that make a whole they may well be something else
    parts = [one for one in told if len(one) > 2 and all(is_number(each) for each in one)]
    sums = [(sum(one), ROUNDED * whole * len(one)) for one in parts if min(one) >= 0 and any(one)]
    return all(abs(total - whole) <= near for total, near in sums) if sums else None


def _weeks(made: Made) -> bool | None:
    """Whether a day beside a week of ISO 8601 is in it, of each object with both."""
    told = [
        (week, [day for day in days if day is not None])
        for one in made.objects
        for week in filter(None, (_WEEK.fullmatch(str(text)) for text in one.values()))
        if any(days := [_day(text) for text in one.values()])
    ]
    found = [any(_week_of(day) == week[0] for day in days) for week, days in told]
    return all(found) if found else None


def _week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None


def _unit(made: Made) -> bool | None:
    """Whether lists of many numbers are of length 1, as vectors are that stand for something."""
    if any(_SCALES.search(name.lower()) for name in made.changed):
        return None
    found = [
        math.hypot(*one)
        for one in ([made.output] if isinstance(made.output, list) else []) + [*lists(made.output)]
        if len(one) > 3 and all(isinstance(each, float) for each in one) and any(one)
    ]
    return all(abs(length - 1) < 0.01 for length in found) if found else None


def _beside(made: Made) -> bool | None:
    found = []
    for one in made.objects:
        named = [len(each) for name, each in one.items() if name.lower() in _BESIDE and _is(each)]
        found += [len(set(named)) == 1] if len(named) > 1 and any(named) else []
    return all(found) if found else None


def _is(value: Any) -> bool:
    return isinstance(value, list)


def _ranked(made: Made) -> bool | None:
    found = [ranks for ranks in scored(made.output, re.compile(r"^rank$")) if len(ranks) > 1]
    return all(b - a == 1 for ranks in found for a, b in pairwise(ranks)) if found else None


def _rising(named: re.Pattern[str], made: Made) -> bool | None:
    if any(_ORDERS.search(name.lower()) for name in made.changed):
        return None
    found = [one for one in scored(made.output, named) if len(one) > 2]
    return all(a <= b for one in found for a, b in pairwise(one)) if found else None


def _falling(made: Made) -> bool | None:
    if any(_ORDERS.search(name.lower()) for name in made.changed):
        return None
    found = [one for one in scored(made.output, _SCORE, pairs=True) if len(set(one)) > 2]
    return all(a >= b for one in found for a, b in pairwise(one)) if found else None
