"""Sentences about one value of a number: "0 gives an empty list", "0 means no limit"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said, number

_VALUE = r"(?P<value>-1|0|zero)(?:\.0)?"
_GIVES = r"(?:gives?|returns?|yields?|makes?|lists?|shows?|keeps?|takes?)"
_IS = r"(?:means?|meaning|is|stands for|for|to (?:keep|give|get|return|list|show)|=|:)"
_IF = r"(?:if|when|where|for|with|at) (?:it is |this is |set to )?"
_FORMS = (
    re.compile(
        rf"(?<![\w.,-]){_VALUE},? (?:{_IS}|(?P<gives>{_GIVES})) (?:back )?(?P<what>[^,;.()]*)"
    ),
    re.compile(rf"(?<![\w.,-]){_VALUE} to (?P<what>(?:disable|lift|switch off) (?:the|any) limit)"),
    re.compile(
        r"(?P<what>\b(?:an empty \w+|nothing|all(?: of them| \w+)?|everything|unlimited|no \w+))"
        rf" (?:is given |is returned |comes )?{_IF}{_VALUE}(?![\w.,]\w)"
    ),
    re.compile(
        rf"\b{_IF}{_VALUE},? (?P<what>nothing (?=is (?:given|returned))"
        r"|(?:the )?(?:list|text|output|answer|result) is empty)"
    ),
)
_EMPTY = re.compile(
    r"(?:an? )?empty (?:list|text|string|output|answer|result|one)\b"
    r"|nothing$|(?:the )?(?:list|text|output|answer|result) is empty$"
    r"|no (?:words|items|results|entries|matches|labels|output)$"
)
_ALL = re.compile(
    r"all(?: of (?:it|them)| (?:the )?\w+)?$|everything$"
    r"|(?:no|without a?) ?(?:limit|maximum)\b|unlimited\b"
    r"|(?:disable|lift|switch off) (?:the|any) limit"
)
#: a number that is about how many there are
_COUNT = re.compile(r"\b(?:at most|most|how many|number of|limit|maximum|up to|first|top|count)\b")
#: what is not about the whole output
_PART = re.compile(r"\b(?:each|every|per|between|around|before|after|context|line's)\b")


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """That there is nothing where this is told."""
    for one, value, what in _told(said):
        if _EMPTY.match(what) and _is_count(one, said):
            told = f"there is an output where {one.name!a} is {value}, which gives none, as is told"
            yield Promise(
                broken=told, kept=partial(_nothing, one.name, value, "empty" in what), always=True
            )


def ideas(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """The values that something is told of."""
    for one, value, what in _told(said):
        if _EMPTY.match(what) or _ALL.match(what):
            yield {one.name: value}


def endless(said: Sequence[Said]) -> Iterator[tuple[Field, int]]:
    """Numbers with a value of theirs that gives all there is."""
    for one, value, what in _told(said):
        if _ALL.match(what) and _is_count(one, said):
            yield one, value


def is_less(all_of: Any, some: Any) -> bool:
    """Whether there is less in the first output than in the second one."""
    sizes = [_size(one) for one in (all_of, some)]
    return sizes[0] is not None and sizes[1] is not None and sizes[0] < sizes[1]


def _told(said: Sequence[Said]) -> Iterator[tuple[Field, int, str]]:
    for one in said:
        field = one.field
        if field is None or field.numbers is None or field.choices:
            continue
        for form in _FORMS:
            for match in form.finditer(one.text):
                value = int(number(match["value"]))
                if field.takes(value) and not _PART.search(one.text):
                    # "0 means none" may be said of a limit
                    what = match["what"].strip()
                    is_none = match.groupdict().get("gives") and what.split()[:1] == ["none"]
                    yield field, value, "nothing" if is_none else what


def _is_count(field: Field, said: Sequence[Said]) -> bool:
    own = [one.text for one in said if one.field == field]
    return any(_COUNT.search(one) for one in own) and not any(_PART.search(one) for one in own)


def _size(output: Any) -> int | None:
    if isinstance(output, list) and not all(isinstance(one, str) for one in output):
        return len(output)
    text = joined(output) if output != [] else ""
    return None if text is None else len(text)


def _nothing(name: str, value: int, is_plain: bool, made: Made) -> bool | None:
    """Whether nothing comes; what is not told to be empty may be a part of a text."""
    if not (is_plain or isinstance(made.output, list)):
        return None
    told, size = made.inputs.get(name), _size(made.output)
    if type(told) not in (int, float) or told != value or size is None:
        return None
    return size == 0
