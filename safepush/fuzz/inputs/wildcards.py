"""Patterns with stars that fit nowhere, beside names in which each star may stand for much."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safepush.fuzz.fields import Field

_SAYS = re.compile(
    r"\bwild ?cards?\b|\bglobs?\b|[`'\"]\*[`'\"]|(?<!\w)\*(?!\w)|\bstars? stands?\b|\basterisk"
)
_NAME = re.compile(
    r"(?:\w+_)?(?:pattern|glob|wildcard|mask|filter|match|like|include|exclude|rule)s?(?:_\w+)?"
)
_REGEX = re.compile(r"regex|regular expression")
#: stars of one pattern, and letters of a name: more than anybody waits for, if each is tried
STARS, LETTERS = 12, 60


def ideas(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One pattern for each input that is one; texts beside it are one letter over and over."""
    for field in (one for one in fields if _is_pattern(one, base)):
        sign = "%" if re.search(r"[`'\"]%[`'\"]", field.description) else "*"
        for stars in (STARS, STARS // 2):
            pattern = f"{sign}a" * stars + f"{sign}b"
            value = [pattern] if field.item is not None else pattern
            if field.takes(value):
                yield {field.name: value, **_names(fields, field)}
                break


def _is_pattern(field: Field, base: Mapping[str, Any]) -> bool:
    item = field.item
    if not (field.is_text or (item is not None and item.is_text)):
        return False
    said = field.description.lower()
    usual = str(base.get(field.name, field.default) or "")
    named = _NAME.fullmatch(field.name.lower()) is not None
    return not _REGEX.search(said) and bool(_SAYS.search(said) or (named and "*" in usual))


def _names(fields: Sequence[Field], pattern: Field) -> dict[str, Any]:
    """What it is held against: texts and lists of texts, as far as they may be so long."""
    made: dict[str, Any] = {}
    for one in (one for one in fields if one != pattern and not one.is_file):
        if one.item is not None and one.item.is_free_text:
            made[one.name] = ["a" * LETTERS]
        elif one.is_free_text:
            made[one.name] = "a" * LETTERS
    return {
        one.name: made[one.name] for one in fields if one.name in made and one.takes(made[one.name])
    }
