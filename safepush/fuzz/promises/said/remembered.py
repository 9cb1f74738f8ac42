"""Inputs that name a talk that goes on: the same ones again may well be answered otherwise."""

import re
from collections.abc import Sequence

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs
from safepush.fuzz.promises.said.sentences import sentences

_NAME = re.compile(
    r"(?:conversation|session|talk|chat|thread|dialog(?:ue)?|user|game|room|account)"
    r"(?:_?(?:id|key|name))?"
)
_REMEMBERS = re.compile(
    r"\bremember|\bfrom call to call\b|\b(?:across|between) (?:calls|requests|predictions)\b"
    r"|\b(?:goes|go|going) on\b|\bcontinue[sd]? (?:where|with|the same)\b"
    r"|\bwhere (?:it|they) (?:was|were|left)\b"
    r"|\bkeeps? (?:track|its|the) |\bkept from call\b|\bearlier (?:calls|messages|turns|requests)\b"
    r"|\bhistory\b"
)
#: said of this very input, it needs no name
_OWN = re.compile(r"\bremembered\b|\bfrom call to call\b|\b(?:across|between) (?:calls|requests)\b")


def keys(fields: Sequence[Field], source: Source) -> tuple[Field, ...]:
    """The inputs by which something is promised to be remembered."""
    said = any(_REMEMBERS.search(one.text) for one in sentences(fields, source))
    return tuple(
        one
        for one in fields
        if (one.texts is not None or one.numbers is not None) and not one.choices
        if _OWN.search(one.description.lower()) or (said and _NAME.fullmatch(one.name.lower()))
    )


def is_kept(keys: Sequence[Field], inputs: Inputs) -> bool:
    """Whether these inputs name something that goes on with the next ones of that name."""
    return any(inputs.get(one.name, one.default) not in (None, "", 0) for one in keys)
