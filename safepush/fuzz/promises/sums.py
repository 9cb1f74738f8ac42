"""What the parts of an output make together: counts, totals, shares, pages and ranges."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-parts"
_PER_PAGE = re.compile(r"(?:items_|results_|entries_)?per_page|page_size")
_PAGES = re.compile(r"(?:total_|num_|n_)?pages|page_count")
_ALL = re.compile(r"total(?:_\w+)?|(?:total_)?(?:count|hits|matches|results)|found")
#: smaller ones come about by chance
LEAST_AMOUNT = 50
#: members that say how many there are of each kind, or in each part
COUNTS = re.compile(r"counts|frequencies|bins|histogram|hits")
_SPREAD = re.compile(r"range|spread|span|difference")
_LOW_HIGH = (("low", "high"), ("min", "max"), ("minimum", "maximum"), ("smallest", "largest"),
             ("lowest", "highest"))  # fmt: skip
#: inputs that a total has more of than of what is beside it
_MORE = re.compile(r"plus|bonus|add|extra|modif|offset|base|tip|tax|fee|discount|ship|start|init")
_COUNT = re.compile(r"(?:^|_)(?:counts?|n|num|number|length)(?:$|_)")
_TOTAL = re.compile(r"(?:^|_)(?:total|sum)(?:$|_)")
#: inputs that say how exact a number is, or which parts are given
LESS = re.compile(
    r"cumul|running|decimal|digit|round|precis|places|top|limit|max|min|thres|cut|page|count|num"
)
#: numbers are rounded before they are given
ROUNDED = 0.0051


def promises(fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """What holds in the usual output."""
    yield from _counted(fields, usual)
    yield from _totals(usual)
    yield from _paged(fields)
    yield from _spreads(usual)
    yield from _shares(fields, usual)
    for one in (one for one in fields if one.lists is not None):
        told = f"the counts do not make as many as there are {one.name!a}, as with the usual inputs"
        yield Promise(rule=RULE, broken=told, kept=partial(_all_counted, one.name))


def _counted(fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """Members that say how many there are in a list beside them, or what they make together."""
    cut = any(re.search(r"limit|page|top|max|offset", one.name.lower()) for one in fields)
    pairs = {
        (name, beside)
        for one in usual.objects
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
        for one in made.objects
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
            near = ROUNDED * len(parts) + 1e-6 * sum(map(abs, parts))
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
    is_other = any(_MORE.search(each.lower()) or LESS.search(each) for each in made.changed)
    if type(amount) is not int or not isinstance(found, list) or len(found) < 2 or is_other:
        return None
    return sum(found) == amount if all(type(one) is int for one in found) else None


def _all_counted(name: str, made: Made) -> bool | None:
    """Whether numbers are each counted once, where counts are told."""
    sent, told = made.inputs.get(name), made.output
    named = told.items() if isinstance(told, Mapping) else ()
    counts = [each for key, each in named if COUNTS.fullmatch(key.lower())]
    is_other = any(LESS.search(each) for each in made.changed)
    if not isinstance(sent, list) or len(sent) < 3 or len(counts) != 1 or is_other:
        return None
    are_numbers = all(map(is_number, sent)) and isinstance(counts[0], list)
    are_counts = are_numbers and all(type(one) is int and one >= 0 for one in counts[0])
    return sum(counts[0]) == len(sent) if are_counts else None


def _spreads(usual: Made) -> Iterator[Promise]:
    """A range that is what lies between the least and the most, as usual."""
    for one in usual.objects:
        for name in (name for name in one if _SPREAD.fullmatch(name.lower())):
            for low, high in _LOW_HIGH:
                if {low, high} <= one.keys():
                    told = f"{name!a} is not {high!a} less {low!a}, as with the usual inputs"
                    kept = partial(_lies_between, name, low, high)
                    yield Promise(rule=RULE, broken=told, kept=kept)


def _lies_between(name: str, low: str, high: str, made: Made) -> bool | None:
    told = [one for one in made.objects if {name, low, high} <= one.keys()]
    found = [[one[each] for each in (name, low, high)] for one in told]
    numbers = [each for each in found if all(map(is_number, each))]
    near = [abs(a - (c - b)) <= 3 * ROUNDED + 1e-6 * abs(c) for a, b, c in numbers]
    return all(near) if near else None


def _totals(usual: Made) -> Iterator[Promise]:
    """Members such as `total_tokens`, which are the sum of all others of that kind."""
    for one in usual.objects:
        for name in one:
            kind = name.lower().removeprefix("total_")
            parts = sorted(
                each for each in one if each != name and each.lower().endswith(f"_{kind}")
            )
            if kind != name.lower() and len(parts) > 1:
                told = f"{name!a} is not the sum of the others, as with the usual inputs"
                yield Promise(rule=RULE, broken=told, kept=partial(_adds_up, name, parts))


def _adds_up(name: str, parts: Sequence[str], made: Made) -> bool | None:
    found = [one for one in made.objects if all(is_number(one.get(n)) for n in (name, *parts))]
    near = ROUNDED * len(parts)
    told = [abs(one[name] - sum(one[part] for part in parts)) <= near for one in found]
    return all(told) if told else None
