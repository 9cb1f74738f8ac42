"""What an output has of the texts that were sent: all of them, and where it found a part."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.fuzz import switches
from safepush.fuzz.fields import Field
from safepush.fuzz.parts import objects, texts
from safepush.fuzz.promises import Made, Promise

RULE = "fuzz-output-asked"
#: how many words the usual text has at least
FEWEST = 3
_LETTER = re.compile(r"[a-z0-9]")
#: inputs, and words of descriptions, by which there may well be less
_LESS = re.compile(
    r"max|limit|top|most|first|unique|dedup|distinct|remov|filter|stop|strip|short|summar|trunc"
    r"|cut|keep|drop|skip|exclud|ignor|least|min|start|end|from|until|page|offset|only"
)
#: numbers that say how a text is laid out, or in which pieces it comes
_PIECES = re.compile(
    r"size|width|column|indent|chunk|batch|wrap|per|overlap|group|block|spac|window|tab"
)
_TEXTS = ("text", "word", "match", "value", "token", "span", "entity", "quote")


def promises(fields: Sequence[Field], usual: Made) -> Iterator[Promise]:
    """What holds of the usual texts."""
    numbers = frozenset(one.name for one in fields if _may_change(one))
    for one in fields:
        if one.texts is None or one.choices or one.is_secret or one.is_file:
            continue
        about = f"{one.name} {one.description}".lower()
        if not _LESS.search(about) and _is_long(usual.inputs.get(one.name)):
            told = f"a part of {one.name!a} is lost, where with the usual inputs all comes back"
            yield Promise(rule=RULE, broken=told, kept=partial(_come_back, one.name, numbers))
        told = f"what begins and ends there in {one.name!a} is not what the output says"
        yield Promise(rule=RULE, broken=told, kept=partial(_stands_there, one.name))


def _may_change(field: Field) -> bool:
    name = field.name.lower()
    told = _LESS.search(name) or switches.HOW.fullmatch(name)
    return field.numbers is not None and bool(_PIECES.search(name)) and not told


def _is_long(text: Any) -> bool:
    return isinstance(text, str) and len(text.split()) >= FEWEST


def _come_back(name: str, numbers: frozenset[str], made: Made) -> bool | None:
    """Whether each letter is there as often as it was sent, where only numbers are not as usual.

    Of long texts often no more than a part is used, and nobody says so.
    """
    pieces = [one for _, one in texts(made.output)]
    if made.changed - numbers or not pieces:
        return None
    sent, found = (_letters(text) for text in (str(made.inputs.get(name)), "".join(pieces)))
    return not sent - found


def _letters(text: str) -> Counter[str]:
    return Counter(_LETTER.findall(text.lower()))


def _stands_there(name: str, made: Made) -> bool | None:
    """Whether each place in a text, from here to there, holds what is said to be there."""
    text = made.inputs.get(name)
    if not isinstance(text, str):
        return None
    found = [told for one in objects(made.output) for told in _places(one, text)]
    return all(found) if found else None


def _places(one: Mapping[str, Any], text: str) -> Iterator[bool]:
    start, end = one.get("start"), one.get("end")
    if type(start) is int and type(end) is int:
        for name in _TEXTS:
            said = one.get(name)
            if isinstance(said, str) and said:
                yield text[start:end] == said
