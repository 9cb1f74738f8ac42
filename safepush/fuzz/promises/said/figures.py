"""Sentences with numbers in them: "the ratio is from 1 to 21", "13 digits", "they add up to 1"."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import is_number, leaves, members
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import NUMBER, OUTPUT, Said, number

_RANGE = re.compile(
    rf"^(?P<about>.*?)\b(?:from|between)\s+(?P<low>{NUMBER})\s+(?:to|and)\s+(?P<high>{NUMBER})\b"
)
_NEVER = r"(?:never|not)\s+(?:\w+\s+)?"
_LEAST = re.compile(
    rf"^(?P<about>.*?)\b(?:{_NEVER}(?:below|under|less than|smaller than)|(?:is|are) at least)"
    rf"\s+(?P<low>{NUMBER})\b"
)
_MOST = re.compile(
    rf"^(?P<about>.*?)\b(?:{_NEVER}(?:above|over|more than|larger than|greater than|exceeds?)"
    rf"|(?:is|are) at most)\s+(?P<high>{NUMBER})\b"
)
_NOT_NEGATIVE = re.compile(r"^(?P<about>.*?)\bnever negative\b")
#: what a number is, where nothing else is given and the head of the code speaks of it
_GRADE = re.compile(
    r"\b(?:how|scores?|share|part|ratio|probabilit\w+|chances?|grades?|ratings?)\b"
    r"|^an? (?:whole )?number\b"
)

#: what comes before a range that is one of all that was said
_APPOSED = re.compile(
    r"(?:,|\bas an? (?:\w+ )?\w+"
    r"|\b(?:scores?|grade|number|share|rating|probability)(?: of \w+)?)\s*$"
)

#: what comes before and after a word that something is told over
_OVER = re.compile(r"\b(?:all|each|every|both|across|over|per)(?: of)?(?: the)? $")
_TOGETHER = re.compile(r" (?:together|taken together|alike|combined|as one)\b")

_COUNT = re.compile(
    rf"\b(?P<count>{NUMBER})[ -](?P<unit>(?:hex(?:adecimal)? )?digits?|characters?|letters?|signs?"
    r"|words?|lines?)\b(?! after)"
)
#: then it is a limit, or it is about a part of something
_NOT_EXACT = re.compile(
    r"\b(?:at most|at least|up to|or (?:more|less|fewer)|more than|less than|fewer|between|max\w*"
    r"|min\w*|longer|shorter|first|last|every|each|over|under|about|roughly|limit\w*|\d+ to \d+)\b"
)
_DECIMALS = re.compile(
    rf"\b(?P<count>{NUMBER}) (?:decimal places?|decimals|digits after the (?:point|comma))"
)
_UNIT_LENGTH = re.compile(
    r"\blength of (?:1|one)\b|\bunit (?:length|vectors?|norm)\b|\bnorm of (?:1|one)\b"
)
_TOTAL = re.compile(
    rf"\b(?:add up|adds up|sum|sums|summing)(?: up)? to (?:exactly )?(?P<total>{NUMBER})\b"
)
#: sums of floats, where they are told to be exact
_EXACTLY = 1e-6
_ORDER = re.compile(
    r"\b(?:best|worst|(?:high|low|larg|great|small|strong|weak|near|long|short|earli|lat|cheap"
    r"|likeli|old|new)est|most \w+|least \w+)(?: (?:ones?|of them))? first\b|\bdescending\b"
    r"|\bascending\b|\b(?:rising|falling|increasing|decreasing) order\b"
)
_RISES = re.compile(r"\b(?:low|small)est\b|\b(?:ascending|rising|increasing)\b")
_FALLS = re.compile(r"\b(?:high|larg|great)est\b|\b(?:descending|falling|decreasing)\b")
#: what a list of objects is in the order of, where they have several numbers
_KEY = re.compile(r"score|probability|confidence|similarity|weight|count")
_ALPHABET = re.compile(r"\balphabet")
#: of what is called so there may be one alone; of values and lines each may come again
_ONE_EACH = re.compile(
    r"\bone (?:entry|row|item|result|group|line|count) (?:for|per) (?:each|every)"
    r" (?P<what>name|key|id|category|label|group|user|customer|product|team|country|city|tag|day"
    r"|date|month|year)\b"
)
#: then it is the order of what is alike otherwise
_TIED = re.compile(r"\b(?:equal\w*|ties?|tied|same|then|otherwise|among|frequent)\b")
_DISTINCT = re.compile(
    r"\bno two (?:of them )?(?:are )?(?:alike|the same|equal)\b|\bno (?:duplicates|repeats)\b"
    r"|\bwithout (?:duplicates|repeats|repetitions?)\b|\ball (?:different|distinct)\b"
)
#: numbers may be rounded to two decimals
_NEAR_ONE = 0.02
_SORTS = re.compile(r"order|sort|desc|asc|revers")


def promises(said: Sequence[Said], fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """Those that are about the output."""
    for one in said:
        yield from _ranges(one, fields, usual)
        yield from _counts(one, usual)
        yield from _decimals(one, usual)
        yield from _vectors(one, usual)
        yield from _orders(one, usual)


def _promise(told: str, kept: Callable[..., bool | None], *given: Any) -> Promise:
    return Promise(broken=told, kept=partial(kept, *given), always=True)


# Ranges


def _ranges(one: Said, fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    for pattern in (_RANGE, _LEAST, _MOST, _NOT_NEGATIVE):
        match = pattern.search(one.text)
        if match is None:
            continue
        found = match.groupdict()
        low = 0.0 if pattern is _NOT_NEGATIVE else number(found.get("low") or "-inf")
        high = number(found.get("high") or "inf")
        names = _about(Said(found["about"], one.field), fields, usual.output)
        if names and low < high:
            said = " and ".join(sorted(ascii(name) for name in names if name)) or "the output"
            told = f"{said} is not in the range that the description tells"
            yield _promise(told, _within, frozenset(names), low, high)


def _about(one: Said, fields: Sequence[Field], output: Any) -> set[str]:
    """The members of the output that it names, none of which is an input; "" for all of it."""
    inputs = {field.name for field in fields}
    names = {name for name, _ in members(output) if one.names(name)} - inputs
    aside = {name for name in names if _is_aside(one, name)}
    names -= aside
    is_plain = is_number(output) or _vector(output) is not None
    if names or aside or not is_plain:
        return names
    if one.field is None and _GRADE.search(one.text) and _APPOSED.search(one.text):
        return {""}
    named = any(one.names(name) for name in inputs)
    return {""} if OUTPUT.search(one.text) and not named else set()


def _is_aside(one: Said, name: str) -> bool:
    """Whether it is what something is told over, as in "all channels together", wherever named."""
    words = re.sub(r"[_\W]+", " ", name.lower()).strip()
    found = [*re.finditer(rf"\b{re.escape(words)}s?\b", one.plain)]
    over = [
        _OVER.search(one.plain[: each.start()]) or _TOGETHER.match(one.plain[each.end() :])
        for each in found
    ]
    return bool(over) and all(over)


def _within(names: frozenset[str], low: float, high: float, made: Made) -> bool | None:
    if "" in names:
        found = [value for value in leaves(made.output) if is_number(value)]
    else:
        told = (value for name, value in members(made.output) if name in names)
        found = [each for value in told for each in leaves(value) if is_number(each)]
    near = 1e-6 * max([1.0, *(abs(one) for one in (low, high) if math.isfinite(one))])
    return all(low - near <= one <= high + near for one in found) if found else None


# Lengths of texts, and digits of numbers


def _measure(unit: str, text: str) -> int | None:
    if unit.startswith("of all"):  # letters and digits in one text
        return sum(one.isdigit() if "digit" in unit else one.isalpha() for one in text)
    if "digit" in unit:
        bare = re.sub(r"[\s-]", "", text)
        digits = "[0-9a-fA-F]+" if unit.startswith("hex") else "[0-9]+"
        return len(bare) if re.fullmatch(digits, bare) else None
    if unit.startswith("word"):
        return len(text.split())
    return len(text.splitlines()) if unit.startswith("line") else len(text)


def _counts(one: Said, usual: Made) -> Iterator[Promise]:
    """That a text is as long as is said, where the usual one is and no input is."""
    if _NOT_EXACT.search(one.text):
        return
    found = [(each["unit"], int(number(each["count"]))) for each in _COUNT.finditer(one.text)]
    kinds = {unit.rstrip("s") for unit, _ in found}
    mixed = {"letter", "digit"} <= kinds
    for unit, count in found:
        unit = f"of all {unit}" if mixed else unit
        given = [str(value) for value in usual.inputs.values() if value is not None]
        if count > 1 and not any(_measure(unit, text) == count for text in given):
            for name in _texts(one, usual.output):
                told = f"{name or 'the output'} has not the {count} {unit} that are told"
                yield Promise(broken=told, kept=partial(_as_long, name, unit, count))


def _texts(one: Said, output: Any) -> set[str]:
    """The text of an output that a sentence may be about: "", or the name of a member."""
    if isinstance(output, str):
        return {""}
    return {name for name, value in members(output) if isinstance(value, str) and one.names(name)}


def _as_long(name: str, unit: str, count: int, made: Made) -> bool | None:
    told = [("", made.output)] if not name else [*members(made.output)]
    texts = [value for key, value in told if key == name and isinstance(value, str) and value]
    found = [length for text in texts if (length := _measure(unit, text)) is not None]
    return all(one == count for one in found) if found else None


def _decimals(one: Said, usual: Made) -> Iterator[Promise]:
    match = _DECIMALS.search(one.text)
    floats = [value for value in leaves(usual.output) if isinstance(value, float)]
    if match and "at least" not in one.text and any(value % 1 for value in floats):
        places = int(number(match["count"]))
        told = f"a number has more than the {places} decimals that are told"
        yield Promise(broken=told, kept=partial(_rounded, places))


def _rounded(places: int, made: Made) -> bool | None:
    found = [one for one in leaves(made.output) if isinstance(one, float) and abs(one) < 1e9]
    return all(abs(round(one, places) - one) < 1e-9 for one in found) if found else None


# Several numbers together


def _vector(output: Any) -> list[float] | None:
    if isinstance(output, list) and len(output) > 1 and all(map(is_number, output)):
        return [float(one) for one in output]
    return None


def _rows(output: Any) -> Iterator[list[float]]:
    """Every list and every object of numbers alone."""
    values = [*output.values()] if isinstance(output, Mapping) else output
    row = _vector(values)
    if row is not None:
        yield row
    elif isinstance(values, list):
        for each in values:
            yield from _rows(each)


def _vectors(one: Said, usual: Made) -> Iterator[Promise]:
    field = one.field
    is_switch = field is not None and set(field.choices) == {True, False}
    switch = field.name if field is not None and is_switch else None
    if _UNIT_LENGTH.search(one.text):
        yield _promise("a vector has not the length of 1 that is told", _is_unit, switch)
    match = _TOTAL.search(one.text)
    if match:
        total = number(match["total"])
        told = f"numbers do not add up to {total:g}, as is told"
        near = _EXACTLY if "exactly" in one.text else 0.01
        yield Promise(broken=told, kept=partial(_adds_up, switch, total, near))


def _is_on(switch: str | None, made: Made) -> bool:
    return switch is None or made.inputs.get(switch) is True


def _is_unit(switch: str | None, made: Made) -> bool | None:
    norms = [math.hypot(*row) for row in _rows(made.output)] if _is_on(switch, made) else []
    told = [norm for norm in norms if norm]  # nothing has no direction
    return all(abs(norm - 1) < _NEAR_ONE for norm in told) if told else None


def _adds_up(switch: str | None, total: float, near: float, made: Made) -> bool | None:
    told = [*_rows(made.output), _keys(made.output) or []]
    rows = [row for row in told if any(row)] if _is_on(switch, made) else []
    # rounded to two digits, or percents to one
    each = max(0.005, 0.0005 * abs(total)) if near > _EXACTLY else 0
    found = [abs(sum(row) - total) <= near * abs(total) + each * len(row) for row in rows]
    return all(found) if found else None


def _orders(one: Said, usual: Made) -> Iterator[Promise]:
    if _ORDER.search(one.text):
        ways = [way for way in (1, -1) if _follows(way, usual) is not False]
        if len(ways) > 1:  # the usual output does not show which way it goes
            words = {1: _RISES, -1: _FALLS}
            ways = [way for way in ways if words[way].search(one.text)]
        if len(ways) == 1:
            told = "the output is not in the order that the description tells"
            yield _promise(told, _follows, ways[0])
    if _ALPHABET.search(one.text) and not _TIED.search(one.text):
        told = "the output is not in the order of the alphabet, as is told"
        yield Promise(broken=told, kept=_alphabetical)
    match = _ONE_EACH.search(one.text)
    if match:
        what = match["what"]
        told = f"there are several entries of one {what}, though there is one for each, as is told"
        yield Promise(broken=told, kept=partial(_one_of_each, what))
    if _DISTINCT.search(one.text):
        told = "the output has something twice, though no two are alike, as is told"
        yield Promise(broken=told, kept=_distinct)


def _keys(output: Any) -> list[float] | None:
    """The numbers that a list is in the order of: its own, or the only one of each object."""
    if not isinstance(output, list) or len(output) < 2:
        return None
    told = [[one] if is_number(one) else _numbers(one) for one in output]
    return [one[0] for one in told] if all(len(one) == 1 for one in told) else None


def _numbers(value: Any) -> list[float]:
    named = value.items() if isinstance(value, Mapping) else ()
    found = {name: one for name, one in named if is_number(one)}
    keys = [one for name, one in found.items() if _KEY.search(name.lower())]
    return keys if len(keys) == 1 else [*found.values()]


def _follows(way: int, made: Made) -> bool | None:
    keys = _keys(made.output)
    if keys is None or any(_SORTS.search(name.lower()) for name in made.changed):
        return None
    return all(way * a <= way * b + 1e-9 for a, b in pairwise(keys))


def _strings(made: Made) -> list[str] | None:
    output = made.output
    is_list = isinstance(output, list) and len(output) > 1
    return output if is_list and all(isinstance(one, str) for one in output) else None


def _alphabetical(made: Made) -> bool | None:
    found = _strings(made)
    if found is None or any(_SORTS.search(name.lower()) for name in made.changed):
        return None
    if not "".join(found).isascii():  # where these stand is a matter of the language
        return None
    return found in (sorted(found), sorted(found, key=str.casefold))


def _one_of_each(what: str, made: Made) -> bool | None:
    rows = made.output if isinstance(made.output, list) else []
    told = [
        one[what] for one in rows if isinstance(one, Mapping) and isinstance(one.get(what), str)
    ]
    return len(set(told)) == len(told) if len(told) > 1 and len(told) == len(rows) else None


def _distinct(made: Made) -> bool | None:
    output = made.output
    if not isinstance(output, list) or len(output) < 2:
        return None
    found = [one for one in output if isinstance(one, str | int)]
    return len(set(found)) == len(found) == len(output) if found else None
