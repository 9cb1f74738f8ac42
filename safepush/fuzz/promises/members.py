"""What the members of an output say of each other: ends after starts, parts that make a whole."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.boxes import is_box
from safepush.fuzz.promises.parts import is_number, lists, objects, scored, words_of
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-parts"
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
_PER_PAGE = re.compile(r"(?:items_|results_|entries_)?per_page|page_size")
_PAGES = re.compile(r"(?:total_|num_|n_)?pages|page_count")
_ALL = re.compile(r"total(?:_\w+)?|(?:total_)?(?:count|hits|matches|results)|found")
#: smaller ones come about by chance
LEAST_AMOUNT = 50
_SPREAD = re.compile(r"range|spread|span|difference")
_LOW_HIGH = (("low", "high"), ("min", "max"), ("minimum", "maximum"), ("smallest", "largest"),
             ("lowest", "highest"))  # fmt: skip
_WEEK = re.compile(r"\d{4}-W\d\d")
#: inputs that a total has more of than of what is beside it
_MORE = re.compile(r"plus|bonus|add|extra|modif|offset|base|tip|tax|fee|discount|ship|start|init")
_NEGATIVE = re.compile(r"\bnegative\b|\b(?:below|under|less than) (?:0|zero|nothing)\b")
_COUNT = re.compile(r"(?:^|_)(?:counts?|n|num|number|length)(?:$|_)")
_TOTAL = re.compile(r"(?:^|_)(?:total|sum)(?:$|_)")
_BESIDE = frozenset(
    {"labels", "scores", "probabilities", "confidences", "boxes", "values", "keys", "names", "x"}
    | {"y", "tokens", "ids", "offsets", "starts", "ends", "timestamps", "times", "classes"}
)
_TIME = re.compile(r"^(?:start|begin|time|timestamp|start_time|start_s)$")
_SORTS = re.compile(r"sort|most_common|nlargest|topk|top_k|rank")
_ORDERS = re.compile(r"sort|order|rank|desc|asc|revers|shuffle|by$")
#: inputs that say how exact a number is, or which parts are given
_LESS = re.compile(r"decimal|digit|round|precis|places|top|limit|max|min|thres|cut|page|count|num")
#: and those that say how long a vector is to be, or how exact
_SCALES = re.compile(r"norm|scal|unit|raw|decimal|digit|round|precis|dim|trunc|quanti|bits")
#: numbers are rounded before they are given
_ROUNDED = 0.0051


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
    yield from _counted(fields, usual)
    yield from _totals(usual)
    yield from _paged(fields)
    yield from _spreads(usual)
    yield from _shares(fields, usual)
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
    given = [one for one in made.inputs.values() if is_number(one)]
    told = [pair for one in objects(made.output) for pair in _two(one, low, high)]
    # who sends a day that begins at 22 and ends at 6 may be told so
    found = [(a, b) for a, b in told if a not in given and b not in given]
    apart = 1e-6  # sums of the same numbers in another order
    return all(a <= b + apart * max(1, abs(b)) for a, b in found) if found else None


def _two(one: Mapping[str, Any], low: str, high: str) -> Iterator[tuple[Any, Any]]:
    """Members whose names differ in these words alone."""
    names = {tuple(words_of(name)): value for name, value in one.items() if is_number(value)}
    for words, value in names.items():
        if low in words:
            at = words.index(low)
            other = names.get((*words[:at], high, *words[at + 1 :]))
            if other is not None:
                yield value, other


def _named(output: Any, named: re.Pattern[str]) -> list[Any]:
    """Numbers of such a name, alone or in a list of that name."""
    found: list[Any] = []
    for one in objects(output):
        for name, value in one.items():
            if named.search(name.lower()):
                found += value if isinstance(value, list) else [value]
    return [one for one in found if is_number(one)]


def _amounts(made: Made) -> bool | None:
    found = _named(made.output, _AMOUNT)
    return min(found) >= 0 if found else None


def _chances(made: Made) -> bool | None:
    labelled = [one["score"] for one in objects(made.output) if {"label", "score"} <= one.keys()]
    found = _named(made.output, _CHANCE) + [one for one in labelled if is_number(one)]
    return min(found) >= -1e-6 and max(found) <= 1 + 1e-6 if found else None


def _percents(made: Made) -> bool | None:
    found = _named(made.output, _PERCENT)
    return min(found) >= -1e-6 and max(found) <= 100.01 if found else None


def _whole(whole: float, made: Made) -> bool | None:
    """Whether numbers that stand alone in an object or a list make a whole, each of them."""
    if any(_LESS.search(name.lower()) for name in made.changed):
        return None
    told = [list(one.values()) for one in objects(made.output) if not is_box(one)]
    told += lists(made.output)
    # of two that make a whole they may well be something else
    parts = [one for one in told if len(one) > 2 and all(is_number(each) for each in one)]
    sums = [(sum(one), _ROUNDED * whole * len(one)) for one in parts if min(one) >= 0 and any(one)]
    return all(abs(total - whole) <= near for total, near in sums) if sums else None


def _counted(fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """Members that say how many there are in a list beside them, or what they make together."""
    cut = any(re.search(r"limit|page|top|max|offset", one.name.lower()) for one in fields)
    pairs = {
        (name, beside)
        for one in objects(usual.output)
        for name in one
        for beside, each in one.items()
        if isinstance(each, list | Mapping) and len(each) > 1 and is_number(one[name])
    }
    for name, beside in sorted(pairs):
        if not cut and _COUNT.search(name.lower()):
            told = f"{name!a} is not how many {beside!a} there are, as with the usual inputs"
            yield Promise(rule=RULE, broken=told, kept=partial(_how_many, name, beside))
        if not cut and _TOTAL.search(name.lower()):
            told = f"{name!a} is not the sum of {beside!a}, as with the usual inputs"
            yield Promise(rule=RULE, broken=told, kept=partial(_sum_of, name, beside))


def _both(made: Made, name: str, beside: str) -> list[tuple[Any, Any]]:
    return [
        (one[name], one[beside])
        for one in objects(made.output)
        if is_number(one.get(name)) and isinstance(one.get(beside), list | Mapping)
    ]


def _how_many(name: str, beside: str, made: Made) -> bool | None:
    found = _both(made, name, beside)
    return all(count == len(each) for count, each in found) if found else None


def _sum_of(name: str, beside: str, made: Made) -> bool | None:
    sums: list[bool] = []
    if any(_MORE.search(one.lower()) for one in made.changed):
        return None
    for total, each in _both(made, name, beside):
        parts = list(each.values() if isinstance(each, Mapping) else each)
        if parts and all(is_number(one) for one in parts):
            near = _ROUNDED * len(parts) + 1e-6 * sum(map(abs, parts))
            sums.append(abs(sum(parts) - total) <= near)
    return all(sums) if sums else None


def _paged(fields: Sequence[Field]) -> Iterator[Promise]:
    """As many pages as all that was found fills."""
    for one in fields:
        if one.numbers is not None and _PER_PAGE.fullmatch(one.name.lower()):
            told = f"there are more or fewer pages than all results fill with {one.name!a}"
            yield Promise(rule=RULE, broken=told, kept=partial(_fills, one.name))


def _fills(name: str, made: Made) -> bool | None:
    size, told = made.inputs.get(name), made.output
    if not isinstance(told, Mapping) or type(size) is not int or size < 1:
        return None
    pages, total = (
        next((told[key] for key in told if named.fullmatch(key.lower())), None)
        for named in (_PAGES, _ALL)
    )
    if type(pages) is not int or type(total) is not int or total < 1:
        return None
    return pages == -(-total // size)


def _shares(fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """Whole numbers that make an amount that was sent, as usual."""
    for one in fields:
        amount = usual.inputs.get(one.name)
        if one.numbers is not None and type(amount) is int and amount >= LEAST_AMOUNT:
            told = f"the parts do not make {one.name!a} together, as with the usual inputs"
            yield Promise(rule=RULE, broken=told, kept=partial(_makes, one.name))


def _makes(name: str, made: Made) -> bool | None:
    amount, found = made.inputs.get(name), made.output
    is_other = any(_MORE.search(each.lower()) or _LESS.search(each) for each in made.changed)
    if type(amount) is not int or not isinstance(found, list) or len(found) < 2 or is_other:
        return None
    return sum(found) == amount if all(type(one) is int for one in found) else None


def _spreads(usual: Made) -> Iterator[Promise]:
    """A range that is what lies between the least and the most, as usual."""
    for one in objects(usual.output):
        for name in (name for name in one if _SPREAD.fullmatch(name.lower())):
            for low, high in _LOW_HIGH:
                if {low, high} <= one.keys():
                    told = f"{name!a} is not {high!a} less {low!a}, as with the usual inputs"
                    kept = partial(_lies_between, name, low, high)
                    yield Promise(rule=RULE, broken=told, kept=kept)


def _lies_between(name: str, low: str, high: str, made: Made) -> bool | None:
    told = [one for one in objects(made.output) if {name, low, high} <= one.keys()]
    found = [[one[each] for each in (name, low, high)] for one in told]
    numbers = [each for each in found if all(map(is_number, each))]
    near = [abs(a - (c - b)) <= 3 * _ROUNDED + 1e-6 * abs(c) for a, b, c in numbers]
    return all(near) if near else None


def _weeks(made: Made) -> bool | None:
    """Whether a day beside a week of ISO 8601 is in it, of each object with both."""
    told = [
        (week, [day for day in days if day is not None])
        for one in objects(made.output)
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


def _totals(usual: Made) -> Iterator[Promise]:
    """Members such as `total_tokens`, which are the sum of all others of that kind."""
    for one in objects(usual.output):
        for name in one:
            kind = name.lower().removeprefix("total_")
            parts = sorted(
                each for each in one if each != name and each.lower().endswith(f"_{kind}")
            )
            if kind != name.lower() and len(parts) > 1:
                told = f"{name!a} is not the sum of the others, as with the usual inputs"
                yield Promise(rule=RULE, broken=told, kept=partial(_adds_up, name, parts))


def _adds_up(name: str, parts: Sequence[str], made: Made) -> bool | None:
    found = [
        one for one in objects(made.output) if all(is_number(one.get(n)) for n in (name, *parts))
    ]
    near = _ROUNDED * len(parts)
    told = [abs(one[name] - sum(one[part] for part in parts)) <= near for one in found]
    return all(told) if told else None


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
    for one in objects(made.output):
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
