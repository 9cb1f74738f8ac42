"""What an output has of the texts that were sent: all of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises import switches
from safepush.fuzz.promises.promise import Made, Promise

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
    pieces = [one for _, one in made.texts]
    if made.changed - numbers or not pieces:
        return None
    sent, found = (_letters(text) for text in (str(made.inputs.get(name)), "".join(pieces)))
    return not sent - found


def _letters(text: str) -> Counter[str]:
    return Counter(_LETTER.findall(text.lower()))
