"""Red and blue that are exchanged between the picture that was sent and the one that comes out."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image

from safepush.fuzz.code.source import Source
from safepush.fuzz.facts import fact
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.alikeness import is_plain, likeness_of, shown
from safepush.fuzz.promises.promise import RULE, Made, Promise
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.sent import sent_files

#: then colours may well become others
OTHERWISE = re.compile(
    r"\bbgr|\bswap|\bexchang|\bhues?\b|\bshift|\bchannels?\b|\binvert|\binvers|\bnegativ|\bopposite"
    r"|\bcomplement|\bfalse.colou?r|\bcolou?r.?maps?\b|\bpalettes?\b|\bthermal|\bheat|\bremov"
    r"|\bkeyed|\btransparent\b.*\bbecome|\bneutral|\bwhite.balance|\bsubtract|\binfrared|\bmix"
)
#: so much alike are red and blue never by chance, and so little in what has to be sent
SAME, UNLIKE = 0.9, 0.4
#: what pictures are made for it; smaller ones are not looked at
_SIDE, _LEAST = 48, 8


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """Nobody means it where no word tells so, so it counts whatever the usual output is."""
    if any(one.is_file for one in fields) and not is_otherwise(fields, source):
        told = "red and blue are exchanged in the output"
        yield Promise(rule=RULE, broken=told, kept=_kept, firm=True)


def is_otherwise(fields: Sequence[Field], source: Source) -> bool:
    """Whether a word tells that colours become others."""
    names = " ".join(one.name.lower().replace("_", " ") for one in fields)
    said = [one.text for one in sentences(fields, source)]
    choices = [str(each).lower() for one in fields for each in one.choices]
    return any(OTHERWISE.search(one) for one in (names, *said, *choices))


def _kept(made: Made) -> bool | None:
    sent, given = [*sent_files(made.inputs).values()], [*files(made.output)]
    if len(sent) != 1 or len(given) != 1:
        return None
    first = _channels(sent[0].content)
    if first is None:
        return None
    red, _, blue = first
    if abs(likeness_of(red, blue)) > UNLIKE or min(red.std(), blue.std()) < 8:
        return None
    second = _channels(given[0].content)  # most often nobody has to look at it
    if second is None:
        return None
    now_red, _, now_blue = second
    crossed = min(likeness_of(red, now_blue), likeness_of(blue, now_red))
    straight = max(likeness_of(red, now_red), likeness_of(blue, now_blue))
    return not (crossed > SAME and straight < UNLIKE)


@fact
def _channels(content: bytes) -> list[Any] | None:
    """Red, green and blue of a plain picture, which is made small for it before it is looked at."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if not is_plain(picture) or min(picture.size) < _LEAST:
                return None
            small = shown(picture).resize((_SIDE, _SIDE)).convert("RGB")
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
    return [*np.moveaxis(np.asarray(small, np.float64), -1, 0)]
