"""Red and blue that are exchanged between the picture that was sent and the one that comes out."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.alikeness import likeness_of, seen
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
_SIDE = 48


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
    first, second = seen(sent[0], plain=True), seen(given[0], plain=True)
    if first is None or second is None or min(*first.shape[:2], *second.shape[:2]) < 8:
        return None
    red, _, blue = _channels(first)
    now_red, _, now_blue = _channels(second)
    if abs(likeness_of(red, blue)) > UNLIKE or min(red.std(), blue.std()) < 8:
        return None
    crossed = min(likeness_of(red, now_blue), likeness_of(blue, now_red))
    straight = max(likeness_of(red, now_red), likeness_of(blue, now_blue))
    return not (crossed > SAME and straight < UNLIKE)


def _channels(pixels: Any) -> list[Any]:
    small = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).resize((_SIDE, _SIDE))
    return [*np.moveaxis(np.asarray(small, np.float64), -1, 0)]
