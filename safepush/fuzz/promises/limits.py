"""Inputs that say by their names how much there may be at most, at least, or exactly."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises import counts, sizes
from safepush.fuzz.promises.likeness import LARGEST
from safepush.fuzz.promises.parts import is_number, joined, scored, words_of
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-asked"
#: how a text is measured, by the words for it
_MEASURES: Mapping[str, Callable[[str], int]] = {
    "words": lambda text: len(text.split()),
    "lines": lambda text: len(text.splitlines()),
    **dict.fromkeys(("chars", "characters", "letters", "length", "digits", "symbols"), len),
}
PLACES = re.compile(r"(?:num_|n_)?(?:decimals?|decimal_places|digits|ndigits|places|precision)")
_THRESHOLD = re.compile(
    r"(?:\w+_)?threshold|min(?:imum)?_(?:score|confidence|probability|similarity)|cutoff|confidence"
)
_SCORE = re.compile(r"(?:^|_)(?:score|confidence|probability|prob|similarity)$")
_LEAST = re.compile(r"min(?:imum)?_(?:count|frequency|freq|occurrences)")
_OFTEN = re.compile(r"(?:^|_)(?:count|frequency|freq|occurrences|n)$")
_LINE = re.compile(r"(?:max_)?(?:line_)?(?:width|length)|columns|wrap(?:_at)?")
_LETTERS = re.compile(r"line|wrap|columns|letter|character|chars\b|sign|text")
#: a usual text as short as this is a word of the frame around the text that fills the lines
_SHORT = 12
#: and a text of more words than these is one that something is made of
_FEW = 3
_ENDS = {"min": "max", "minimum": "maximum", "low": "high", "lower": "upper", "lowest": "highest"}
#: it is told of the output
_AT_MOST = re.compile(r"\bis (?:at most this|never|no) (?:wide|high|tall|large|big|long)(?:er)?\b")
_TURNS = re.compile(r"rotat|turn|flip|mirror|orient|quality")
#: text that no rule for the widths of letters or the ends of lines makes longer or shorter
_PLAIN = re.compile(r"[ -~\n]*")


def promises(fields: Sequence[Field]) -> Iterator[Promise]:
    """What the names of numbers say; a description may say that it is only about so."""
    # of a text that is sent there may be no more to give
    taken = any(len(str(one.default).split()) > _FEW for one in fields if one.texts is not None)
    for one in (one for one in fields if one.numbers is not None):
        name = one.name.lower()
        yield from _of_text(one, name, taken=taken)
        told = f"a score is below {one.name!a}"
        if _THRESHOLD.fullmatch(name):
            yield _promise(told, _above, one.name, _SCORE, _ROUNDED)
        if _LEAST.fullmatch(name):
            yield _promise(f"a count is below {one.name!a}", _above, one.name, _OFTEN, 0.0)
        if PLACES.fullmatch(name) and not sizes.is_about(one.description):
            yield _promise(f"a number has more digits than {one.name!a} says", _rounded, one.name)
        if match := LARGEST.fullmatch(name):
            told = f"the output is larger than {one.name!a} says"
            firm = _AT_MOST.search(one.description.lower()) is not None
            yield _promise(told, _small, one.name, match[1] or match[2], firm)
        if re.fullmatch(r"max_(?:duration|seconds|length_s)", name):
            yield _promise(f"the output lasts longer than {one.name!a} says", _short, one.name)
    values = {one.name for one in fields if _is_value(one)}
    # without chance it is rather a scale that a number is brought to
    drawn = any(one.is_seed for one in fields)
    for low, high in _ranges(fields) if drawn else ():
        told = f"a number is not between {low!a} and {high!a}"
        yield _promise(told, _between, low, high, values - {low, high})


#: scores are often rounded to two digits
_ROUNDED = 0.0051


def _promise(told: str, kept: Callable[..., bool | None], *args: Any) -> Promise:
    return Promise(rule=RULE, broken=told, kept=partial(kept, *args))


def _of_text(field: Field, name: str, *, taken: bool) -> Iterator[Promise]:
    words = words_of(name)
    said = field.description.lower()
    unit = next((one for one in words[::-1] if one in _MEASURES), None)
    if unit == "length":
        unit = next((one for one in _MEASURES if one in said), None)
    if unit is not None and words[0] in ("max", "maximum", "min", "minimum"):
        is_most = words[0].startswith("max")
        told = f"the output has {'more' if is_most else 'fewer'} {unit} than {field.name!a} says"
        yield _promise(told, _within, field.name, unit, is_most)
    elif unit is not None and not taken and not counts.limits(field) and not sizes.is_about(said):
        told = f"the output has not as many {unit} as {field.name!a} says"
        yield _promise(told, _exactly, field.name, unit)
    if _LINE.fullmatch(name) and _LETTERS.search(f"{name} {said}"):
        told = f"a line of the output is longer than {field.name!a} says"
        yield _promise(told, _narrow, field.name)


def _amount(made: Made, name: str) -> float | None:
    """What an input says, where it is a number above nothing: 0 and -1 may stand for no limit."""
    value = made.inputs.get(name)
    return value if is_number(value) and value > 0 else None


def _items(output: Any) -> list[str]:
    """Texts that each have to be so: those of a list, or a single one."""
    if isinstance(output, list) and output and all(isinstance(one, str) for one in output):
        return list(output)
    return [output] if isinstance(output, str) else []


def _within(name: str, unit: str, is_most: bool, made: Made) -> bool | None:
    wanted = _amount(made, name)
    found = [_MEASURES[unit](text) for text in _items(made.output)]
    if wanted is None or not found or not _is_plain(made):
        return None
    if is_most:
        return max(found) <= wanted
    return min(found) >= wanted if isinstance(made.output, list) else None


def _exactly(name: str, unit: str, made: Made) -> bool | None:
    wanted, text = _amount(made, name), joined(made.output)
    if wanted is None or text is None or made.changed - {name}:
        return None
    return _MEASURES[unit](text) == wanted


def _narrow(name: str, made: Made) -> bool | None:
    wanted = _amount(made, name)
    if wanted is None or not isinstance(made.output, str) or not _is_plain(made):
        return None
    sent = {key: one.split() for key, one in made.inputs.items() if isinstance(one, str)}
    framed = any(len(" ".join(sent.get(key, []))) < _SHORT for key in made.changed - {name})
    if framed or any(len(word) > wanted for words in sent.values() for word in words):
        return None
    return all(len(line.rstrip()) <= wanted for line in made.output.splitlines())


def _is_plain(made: Made) -> bool:
    return all(_PLAIN.fullmatch(one) for one in made.inputs.values() if isinstance(one, str))


def _above(name: str, named: re.Pattern[str], near: float, made: Made) -> bool | None:
    wanted = _amount(made, name)
    # where each item that was sent has its own, nothing is left out for its score
    sent = _counts(made.inputs.values())
    told = (each for each in scored(made.output, named, pairs=True) if len(each) not in sent)
    found = [one for each in told for one in each]
    if not found and made.changed <= {name} and named is _OFTEN:
        alone = [list(one.values()) for one in made.objects]
        found = [each for one in alone if all(type(n) is int for n in one) for each in one]
    return min(found) >= wanted - near if wanted is not None and found else None


def _counts(values: Iterable[Any]) -> set[int]:
    """How many items or lines there are in what was sent."""
    lines = [one.splitlines() if isinstance(one, str) else one for one in values]
    return {len(one) for one in lines if isinstance(one, list)} - {0}


def _rounded(name: str, made: Made) -> bool | None:
    wanted = made.inputs.get(name)
    found = [one for one in _numbers(made.output) if isinstance(one, float)]
    if type(wanted) is not int or not 0 <= wanted <= 12 or not found:
        return None
    return all(abs(one) > 1e12 or round(one, wanted) == one for one in found)


def _numbers(value: Any) -> Iterator[Any]:
    if is_number(value):
        yield value
    elif isinstance(value, list | Mapping):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _numbers(each)


def _small(name: str, side: str, firm: bool, made: Made) -> bool | None:
    wanted = _amount(made, name)
    found = [size for one in sizes.files(made.output) if (size := sizes.size_of(one)) is not None]
    if wanted is None or not found:
        return None
    measured: Mapping[str, Callable[[tuple[int, int]], int]] = {
        "width": lambda size: size[0],
        "height": lambda size: size[1],
        "pixels": lambda size: size[0] * size[1],
    }
    measure, sent = measured.get(side, max), made.files
    own = [measure(size) for one in sent.values() if (size := sizes.size_of(one)) is not None]
    # what was sent may come back as large as it was, where nobody says more than a name
    most = wanted if firm else max([wanted, *own])
    others = {one for one in made.changed if not (firm and _TURNS.search(one.lower()))}
    # one that is smaller by itself says nothing
    return None if others - {name, *sent} else max(map(measure, found)) <= most


def _short(name: str, made: Made) -> bool | None:
    wanted = _amount(made, name)
    found = [length for one in sizes.files(made.output) if (length := sizes.seconds(one))]
    return max(found) <= wanted + 0.1 if wanted is not None and found else None


def _ranges(fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Two numbers of which one is the least and one the most."""
    names = {tuple(words_of(one.name)): one.name for one in fields if one.numbers is not None}
    for words, name in names.items():
        for at, word in enumerate(words):
            other = names.get((*words[:at], _ENDS.get(word, ""), *words[at + 1 :]))
            if other is not None:
                yield name, other


def _is_value(field: Field) -> bool:
    """Whether it is a number that something is made of, and not how many or which."""
    how_many = re.search(r"count|num|size|length|^n$|samples|rows", field.name.lower())
    return field.numbers is not None and not how_many and not field.is_seed


def _between(low: str, high: str, values: set[str], made: Made) -> bool | None:
    if made.changed & values:
        return None
    least, most, output = made.inputs.get(low), made.inputs.get(high), made.output
    found = [output] if is_number(output) else output if isinstance(output, list) else []
    if not found or not all(map(is_number, found)):
        return None
    if not is_number(least) or not is_number(most) or least > most:
        return None
    near = _ROUNDED + 1e-9 * max(abs(least), abs(most))
    return bool(least - near <= min(found) and max(found) <= most + near)
