"""Sentences that say of pieces that they are a text together: nothing is lost, nothing is new."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said

_TOGETHER = re.compile(
    r"\btogether\b|\bjoin(?:ed|ing)?\b|\bconcatenat\w+|\bone after (?:the |an)other\b"
    r"|\b(?:pieces|chunks|parts|captions|segments)\b[^.;]*\bin (?:this |their )?order\b"
)
_ARE = re.compile(
    r"\b(?:reproduces?|are|is|gives?|makes?|yields?|forms?|equals?|holds?|restores?)\b"
    r"[^.;]*\b(?:text|input|original|message|string|document|words?|letters?|lines?)\b"
)
_WHOLE = re.compile(r"\b(?:this|the|the same|same|original|whole|input) (?:text|message|string)\b")
_NOTHING = re.compile(
    r"\b(?:nothing|none of it|no (?:word|letter|line|character|sign|sentence|part|piece|space)s?)"
    r"(?: \w+){0,4} (?:is|are|gets?) (?:ever )?(?:lost|left out|dropped|missing|cut off)\b"
    r"|\b(?:every|each|all) (?:\w+ ){0,3}(?:words?|letters?|characters?|signs?|sentences?)\b[^.;]*"
    r"\b(?:is|are) (?:kept|in (?:exactly |just )?one)\b"
)
#: then something may well be left out
_UNLESS = re.compile(r"\b(?:unless|except|but|other than|without|if|up to|at most|not)\b")
#: of the words alone
_WORDS = re.compile(r"\bwords?\b")
#: what is longer may well be cut
_CUT = re.compile(r"\bfirst \w+ |\bonly the (?:first|beginning)\b|\bis cut\b|\bup to \d")
_LIMIT = re.compile(r"max|limit|most|first|last|skip|top|count|overlap|keep|from|start|offset|end")
#: texts with ends, and beginnings, that are easily lost or given twice
EDGES = (
    "One. Two.",
    "one two three four five",
    "  A line, and another one.\n\nThe last?  Yes!\n",
    "one two three four five six seven",
    "Alone",
    "a b c d e f g h i j k l m.",
    "First line\nsecond line\n",
)


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """Those that speak of the text of an input."""
    limits = frozenset(one.name for one in fields if _may_limit(one))
    is_cut = bool(limits) or any(_CUT.search(one.text) for one in said)
    for one in said:
        field = about(one, fields)
        if field is not None:
            told = f"the pieces of {field.name!a} are not the text together, as is told"
            for way in _ways(one):
                kept = partial(_together, field.name, limits, is_cut, way)
                yield Promise(broken=told, kept=kept)


def _ways(one: Said) -> list[Callable[[str], str]]:
    """What of a text is there again, the least of it first."""
    if _WORDS.search(one.text):
        return [_of_words]
    return [_letters, str] if _WHOLE.search(one.text) else [_letters]


def about(one: Said, fields: Sequence[Field]) -> Field | None:
    """The text that such a sentence is about."""
    says = (_TOGETHER.search(one.text) and _ARE.search(one.text)) or _NOTHING.search(one.text)
    if not says or _UNLESS.search(one.text):
        return None
    texts = [each for each in fields if each.texts is not None and not each.choices]
    texts = [each for each in texts if not each.is_secret]
    if one.field is not None and one.field in texts:
        return one.field
    return texts[0] if len(texts) == 1 and one.field is None else None


def ideas(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """Texts with such ends."""
    found = (about(one, fields) for one in said)
    for field in dict.fromkeys(one for one in found if one is not None):
        yield from ({field.name: text} for text in EDGES)


def _may_limit(field: Field) -> bool:
    return bool(field.choices) or bool(_LIMIT.search(field.name.lower()))


def _letters(text: str) -> str:
    """Without blanks and what nobody sees."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(one for one in plain if unicodedata.category(one)[0] not in "ZC")


def _of_words(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFC", text) if one.isalnum())


def _together(
    name: str, limits: frozenset[str], is_cut: bool, plain: Callable[[str], str], made: Made
) -> bool | None:
    text, found = made.inputs.get(name), joined(made.output)
    if isinstance(made.output, list) and not made.output:
        found = ""
    if not isinstance(text, str) or found is None or made.changed & limits:
        return None
    if not text.strip() or any("\ud800" <= one <= "\udfff" or one == "\0" for one in text):
        return None
    wanted, got = plain(text), plain(found)
    # where there are limits, a long text may end at one
    ends_early = is_cut and got and wanted != got and wanted.startswith(got)
    return None if ends_early or not wanted else wanted == got
