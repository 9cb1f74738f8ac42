"""Inputs beside the usual ones: a little other than these, or long, under each way to answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product, zip_longest
from typing import Any

from safepush.fuzz import secrecy
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import awkward, usual

#: what means something in one format or another, and comes from people all the same
ODD = (
    'Caf\u00e9 🙂 with Anna, 12.5 "and", <b>words</b> & it\'s; a|b = c\n'
    "New\tline {{7*7}} {x} %s \\ $HOME"
)
LONG = " ".join(f"word{at} and some more of them," for at in range(120))
#: numbers that are no power of two and no limit
COUNTS = (3, 5, 7, 2, 11, 13)
#: lengths of lists that no round number goes into
LENGTHS = (5, 9, 17, 33)
#: and so much more of a number: less than is told, and more
MORE = (0.004, 0.4)
#: the ends of years, as calendars and weeks have them
DAYS = ("2024-12-30", "2021-01-03", "2023-01-01")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_WAYS = 12
#: texts, choices and numbers that are put together at most
MOST_TEXTS, MOST_CHOICES, MOST_NUMBERS = 2, 4, 4
_BOUND = re.compile(r"max|min|limit|length|width|num|size|count|top|chunk|overlap|words|lines")


def ideas(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The kinds of them dealt out like cards."""
    kinds = [
        _under_choices(fields, base),
        _numbers(fields, base),
        _near(fields, base),
        _many(fields, base),
    ]
    known = {one.name: one for one in fields}
    for hand in zip_longest(*kinds):
        for made in hand:
            if made and all(known[name].takes(value) for name, value in made.items()):
                yield made


def _texts(fields: Sequence[Field]) -> list[Field]:
    return [one for one in fields if secrecy.is_open_text(one)][:MOST_TEXTS]


def _under_choices(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Odd texts in each way in which something may be answered."""
    yield from _days(fields, base)
    odd: dict[str, Any] = {one.name: _cut(ODD, one) for one in _texts(fields)}
    lists = [one for one in fields if one.item is not None and _texts([one.item])]
    odd |= {one.name: [ODD, "two words"] for one in lists}
    if not odd:
        return
    yield odd
    if len(odd) > 1:  # one of them may be refused
        yield from ({name: value} for name, value in odd.items())
    for one in (one for one in fields if one.choices):
        others = [value for value in one.choices if value != base.get(one.name, one.default)]
        yield from ({one.name: value, **odd} for value in others[:MOST_CHOICES])


def _days(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The last days of a year, and each month, in each way that two choices give together."""
    days = [one for one in fields if _DAY.fullmatch(str(base.get(one.name, one.default)))]
    choices = [one for one in fields if one.choices]
    for day in days[:1]:
        yield from ({day.name: one} for one in DAYS)
        for one, other in combinations(choices, 2):
            ways = list(product(one.choices, other.choices))[:MOST_WAYS]
            yield from ({day.name: DAYS[0], one.name: a, other.name: b} for a, b in ways)


def _cut(text: str, field: Field) -> str:
    most = None if field.texts is None else field.texts.longest
    return text[:most]


def _numbers(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Other numbers than those at the limits, with much to count where there is a text."""
    long = {one.name: _cut(LONG, one) for one in _texts(fields)[:1]}
    bounds = [one for one in fields if _is_count(one) and not one.is_seed]
    for one in bounds:
        told = base.get(one.name, one.default)
        near = [told + 1, told * 2] if isinstance(told, int) and told else []
        found = [value for value in (*near, *COUNTS) if value != told and one.takes(value)]
        if _BOUND.search(one.name.lower()) and long:
            yield {one.name: found[0], **long} if found else {}
        yield from ({one.name: value} for value in found[:MOST_NUMBERS])


def _is_count(field: Field) -> bool:
    return field.numbers is not None and field.numbers.is_integer and not field.choices


def _near(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What is nearly the same: who keeps answers by a part of what was asked has one for both."""
    texts = _texts(fields)
    queues = [_near_to(one, base.get(one.name, one.default), one in texts) for one in fields]
    for hand in zip_longest(*queues):
        yield from (one for one in hand if one)


def _near_to(field: Field, told: Any, is_text: bool) -> Iterator[Mapping[str, Any]]:
    name = field.name
    if secrecy.is_secret(field):
        yield {name: secrecy.EXAMPLE}
    elif field.is_file:
        if (found := media.of(told)) is not None:
            yield from ({name: each.uri} for each in media.others(found.kind)[:1])
    elif is_text and isinstance(told, str) and told.strip():
        words = told.split()
        yield {name: f"{told} and more"}
        yield {name: told.swapcase()}
        yield {name: " ".join(reversed(words))}
        yield from ({name: _cut(f"{LONG} {end}", field)} for end in ("alpha", "omega"))
    elif field.numbers is not None and not field.numbers.is_integer and told is not None:
        yield from ({name: told + more} for more in MORE if field.takes(told + more))
    elif field.lists is not None and isinstance(told, list) and len(told) > 1:
        yield {name: told[::-1]}


def _alike(field: Field, base: Mapping[str, Any]) -> list[Any]:
    """As many items as usual, each the first of them."""
    told = base.get(field.name, field.default)
    several = field.lists is not None and isinstance(told, list) and len(told) > 1
    return [told[0]] * len(told) if several else []


def _many(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Lists whose items are all one, and of lengths that batches do not go into."""
    alike = {one.name: told for one in fields if (told := _alike(one, base))}
    yield alike
    if len(alike) > 1:
        yield from ({name: told} for name, told in alike.items())
    for one in fields:
        if one.lists is not None and one.item is not None:
            told = base.get(one.name, one.default) or usual.values_of(one)[:1]
            for length in LENGTHS:
                yield {one.name: awkward.filled(list(told), length, one)}
