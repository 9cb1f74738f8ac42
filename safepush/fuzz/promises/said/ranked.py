"""Sentences that say "best first", of scores that are texts: they are sorted by their numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from safepush.fuzz.promises.parts import lists, objects
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said

_DOWN = re.compile(
    r"\b(?:best|likeliest|highest|largest|biggest|greatest|strongest|heaviest|commonest|dearest"
    r"|most \w+)(?: (?!first)\w+)? first\b|\b(?:descending|falling|decreasing)\b"
    r"|\bfrom (?:the )?(?:best|highest|largest|most \w+)\b[^.;]* to\b"
)
_UP = re.compile(
    r"\b(?:lowest|smallest|least \w+|nearest|closest|cheapest|rarest|lightest)"
    r"(?: (?!first)\w+)? first\b|\b(?:ascending|rising|increasing)\b"
    r"|\bfrom (?:the )?(?:lowest|smallest|least \w+|nearest|closest|cheapest)\b[^.;]* to\b"
)
#: then not all are in one order, or only sometimes
_NOT = re.compile(
    r"\b(?:not|never|unless|if|when|where|except|within|group\w*|alphabet\w*"
    r"|(?:of|in|for|per) each)\b"
)
_SCORE = re.compile(
    r"scores?|shares?|prob|probs|probabilit(?:y|ies)|confidences?|percent(?:ages?)?|chances?"
    r"|likelihoods?|weights?|similarit(?:y|ies)|ratings?|points|votes|relevance|hits"
)
#: "9.1%", "$1,234", "12 points", and a label before it where it has a percent sign
_NUMBER = re.compile(
    r"(?P<label>[^%]*[\s:(=])??(?P<number>[-+]?[$\u20ac\u00a3]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    r"(?P<unit> ?%| ?[A-Za-z]{1,8})?\)?"
)
#: numbers of which several are not in order by chance
LEAST = 3


def promises(said: Sequence[Said], usual: Made) -> Iterator[Promise]:
    """That texts with numbers are not in the order of the alphabet instead.

    Nobody means that, so it counts too where the usual ones are; but not where these are in none.
    """
    plain = [one for one in said if not _NOT.search(one.text)]
    plain = [one for one in plain if one.field is None or not one.field.choices]
    for way, pattern in ((-1, _DOWN), (1, _UP)):
        spoken = [one for one in plain if pattern.search(one.text)]
        if spoken and None not in _orders(way, spoken, usual):
            told = "scores come in the order of their letters, and not of their numbers, as is told"
            yield Promise(broken=told, kept=partial(_sorted, way, spoken), firm=True)


def _sorted(way: int, spoken: Sequence[Said], made: Made) -> bool | None:
    told = [one for one in _orders(way, spoken, made) if one is not None]
    return all(told) if told else None


def _orders(way: int, spoken: Sequence[Said], made: Made) -> list[bool | None]:
    """Of each list of scores whether they are in order; None where they are in none at all."""
    found = [_read(one, name, spoken) for name, one in _columns(made.output)]
    return [_order(way, one) for one in found if len({number for _, number in one}) >= LEAST]


def _order(way: int, scores: Sequence[tuple[str, float]]) -> bool | None:
    numbers = [way * number for _, number in scores]
    if numbers == sorted(numbers):
        return True
    if numbers[::-1] == sorted(numbers):  # what is best may be the least
        return None
    letters = [text for text, _ in scores][::way]
    return False if all(one <= other for one, other in pairwise(letters)) else None


def _columns(output: Any) -> Iterator[tuple[str, list[Any]]]:
    """(name, values) of lists in objects, and of what the objects, or the pairs, of one list have.

    A list by itself has no name.
    """
    for one in objects(output):
        yield from ((name, each) for name, each in one.items() if isinstance(each, list))
    if isinstance(output, list):
        yield "", output
    for items in lists(output):
        if items and all(isinstance(one, Mapping) for one in items):
            names = [name for name in items[0] if all(name in one for one in items)]
            yield from ((name, [one[name] for one in items]) for name in names)
        elif items and all(isinstance(one, list) and len(one) == 2 for one in items):
            yield "", [one[1] for one in items]


def _read(values: list[Any], name: str, spoken: Sequence[Said]) -> list[tuple[str, float]]:
    """(the text of each number, its value), where all are of one unit, and seem to be scores."""
    found = [_NUMBER.fullmatch(one.strip()) if isinstance(one, str) else None for one in values]
    units = {one["unit"] for one in found if one is not None}
    if None in found or len(units) != 1:
        return []
    is_percent = "%" in str(*units)
    is_labelled = any(one["label"] for one in found if one is not None)
    is_score = not name or _SCORE.search(name.lower()) or any(one.names(name) for one in spoken)
    if (is_labelled and not is_percent) or not (is_score or is_percent):
        return []
    return [(one["number"], _value(one["number"])) for one in found if one is not None]


def _value(text: str) -> float:
    return float(re.sub(r"[^\d.+-]", "", text))
