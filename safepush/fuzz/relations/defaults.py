"""A description that names another default than the schema has."""

import re
from collections.abc import Iterator, Sequence

from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.sentences import WORDS

_PARTS = {
    "half": 1 / 2, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3,
    "a quarter": 1 / 4, "one quarter": 1 / 4, "three quarters": 3 / 4, "a fifth": 1 / 5,
    "one fifth": 1 / 5, "a tenth": 1 / 10, "one tenth": 1 / 10,
    "twelve": 12, "a dozen": 12, "twenty": 20, "thirty": 30, "fifty": 50,
    "a hundred": 100, "one hundred": 100, "a thousand": 1000,
}  # fmt: skip
_WHOLE = frozenset(word for word, value in _PARTS.items() if value > 1)
_SIGNS = {"1/2": 1 / 2, "1/3": 1 / 3, "1/4": 1 / 4, "2/3": 2 / 3, "3/4": 3 / 4}
_NUMBER = (
    r"(?P<number>[-+]?\d[\d,_]*(?:\.\d+)?(?![\d/.]*\d)|"
    + "|".join(map(re.escape, (*_SIGNS, *sorted(_PARTS, key=len, reverse=True), *WORDS)))
    + r")(?![\w-])(?! ?(?:times|x|to|or) )(?P<percent> ?%| percent| per cent)?"
)
_GIVEN = r"(?:given|set|told|specified|provided|sent|passed|said|chosen|asked)"
_LEFT = (
    rf"(?:if|when|where|without|unless) (?:(?:it|this|none|nothing|a value|one) )?(?:is )?"
    rf"(?:not (?:be )?{_GIVEN}|left (?:out|empty)|omitted|missing|absent|{_GIVEN} otherwise)"
)
_UNLESS = rf"unless (?:(?:it|this|one|another|something else|otherwise) )?(?:is )?{_GIVEN}"
#: where a default is told, and no more than a few words before it
_TELLS = (
    re.compile(rf"(?<!'s )\bdefaults?(?: is| to| of| value is)?:? (?:about )?{_NUMBER}"),
    re.compile(rf"\bby default,? (?:(?!\bor\b|\band\b)[a-z]+ ){{0,4}}?{_NUMBER}"),
    re.compile(rf"\b{_LEFT},? (?:(?!\bor\b|\band\b)[a-z]+ ){{0,4}}?{_NUMBER}"),
    re.compile(rf"(?<![\w.,-]){_NUMBER} (?:[a-z]+ ){{0,2}}(?:by default\b|is the default\b)"),
    re.compile(rf"(?<![\w.,-]){_NUMBER} (?:[a-z]+ ){{0,3}}{_UNLESS}"),
    re.compile(rf"(?<![\w.,-]){_NUMBER} (?:[a-z]+ ){{0,5}}{_LEFT}"),
)
#: times by which a unit is larger than another
_UNITS = (1, 60, 100, 1000, 3600, 86400, 1024, 1000**2, 1 << 20)
_SWITCH = re.compile(
    r"(?:^|[.;(] ?)(?:it is |this is )?(?P<on>on|off|true|false|yes|no) (?:by default|unless)\b"
    r"|\bdefault(?:s to| is|:)? ?(?P<on2>on|off|true|false|yes|no)\b"
)
_TRUE = frozenset({"on", "true", "yes"})
_CHOICE = re.compile(
    r"\b(?:default(?:s to| is|:)|by default,?) (?:the )?[`'\"]?(?P<word>[\w.-]+)[`'\"]?"
    r"|[`'\"](?P<word2>[\w.-]+)[`'\"] (?:is the default|by default|unless)\b"
)
_NEGATES = re.compile(r"(?:^|_)(?:no|not|skip|disable|without|off|exclude|ignore)(?:_|$)")


def suspicions(fields: Sequence[Field], first: Tried) -> Iterator[Suspicion]:
    """What the words of an input say of its default, held against its schema."""
    for field in fields:
        if field.default is not None and is_otherwise(field):
            told = f"the description of {field.name!a} names another default than its schema has"
            yield Suspicion(rule=RULE, cause=told, detail=told, tried=first, is_proven=True)


def is_otherwise(field: Field) -> bool:
    """Whether a default is named, and the schema's is nowhere in the words."""
    said, default = " ".join(field.description.lower().split()), field.default
    if isinstance(default, bool):
        return _is_other_switch(field.name, said, default)
    if isinstance(default, str):
        return _is_other_choice(field, said, default)
    if not is_number(default) or field.is_seed:
        return False
    told = [_value(match) for way in _TELLS for match in way.finditer(said) if _fits(match, field)]
    named = [_value(match) for match in re.finditer(rf"(?<![\w.]){_NUMBER}", said)]
    if not told or any(_is_same(one, default) for one in told):
        return False
    return not any(abs(one - default) <= 1e-9 for one in named)


def _fits(match: re.Match[str], field: Field) -> bool:
    """Whether a part is one of a number that is told in parts, or in percent."""
    if match["number"] not in {**_PARTS, **_SIGNS} or match["number"] in _WHOLE:
        return True
    ends = field.numbers.high if field.numbers is not None else None
    is_part = ends is not None and number(ends.value) <= 1
    after = match.string[match.end("number") :]
    return is_part and not re.match(r"[ -](?:way|as|again|an?|the (?:usual|default))\b", after)


def _value(match: re.Match[str]) -> float:
    word = match["number"]
    known = {**WORDS, **_PARTS, **_SIGNS}.get(word)
    value = float(word.replace(",", "").replace("_", "")) if known is None else float(known)
    return value / 100 if match["percent"] else value


def _is_same(one: float, default: float) -> bool:
    """Whether they are one amount, in whichever units."""
    pairs = [(one * unit, default) for unit in _UNITS] + [(one, default * unit) for unit in _UNITS]
    return any(abs(a - b) <= 0.011 * max(abs(a), abs(b), 1e-9) for a, b in pairs)


def _is_other_switch(name: str, said: str, default: bool) -> bool:
    if _NEGATES.search(name.lower()):
        return False
    told = {(match["on"] or match["on2"]) in _TRUE for match in _SWITCH.finditer(said)}
    return told == {not default}


def _is_other_choice(field: Field, said: str, default: str) -> bool:
    """Whether another of the choices is told to be the default."""
    others = {str(one).lower() for one in field.choices if isinstance(one, str)}
    told = {match["word"] or match["word2"] for match in _CHOICE.finditer(said)}
    told = {one.rstrip(".,;") for one in told} & others
    return bool(told) and default.lower() not in told
