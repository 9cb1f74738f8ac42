"""What an output says of the picture or the sound that was sent: how large, how long, and where."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.promises.likeness import LENGTHENS, RESIZES, sent_picture, sent_sound
from safepush.fuzz.promises.limits import PLACES
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.pages import count
from safepush.fuzz.promises.sizes import files, size_of

RULE = "fuzz-output-parts"
_LASTS = re.compile(r"(?:total_|audio_)?(?:duration|length|seconds)(?:_s|_sec|_seconds)?")
_MOMENT = re.compile(r"(?:start|end|begin|time|timestamp|onset)(?:_time|_s|_sec|_seconds)?")
_PLACES = frozenset({"x", "y", "x0", "y0", "left", "top", "box", "bbox", "label"})
_PARTS = {
    part: re.compile(rf"(?:num_|n_|number_of_)?{part}s|{part}_count") for part in ("page", "frame")
}
#: of a sound, in seconds: as far as windows and rounding go
NEAR_S = 0.25


def promises(fields: Sequence[Field]) -> Iterator[Promise]:
    """What counts where it is so with the usual file."""
    if not any(one.is_file for one in fields):
        return
    for at, side in enumerate(("width", "height")):
        told = f"{side!a} in the output is not that of the picture that was sent"
        yield Promise(rule=RULE, broken=told, kept=partial(_side, at, side))
    for part, named in _PARTS.items():
        told = f"the output says another number of {part}s than the file has that was sent"
        yield Promise(rule=RULE, broken=told, kept=partial(_counted, part, named))
    told = "the output says another length than the sound that was sent has"
    yield Promise(rule=RULE, broken=told, kept=_length)
    told = "the output speaks of a time after the end of the sound that was sent"
    yield Promise(rule=RULE, broken=told, kept=_moments)


def _numbers(made: Made, named: re.Pattern[str]) -> list[Any]:
    found = [each for one in made.objects for name, each in one.items() if named.fullmatch(name)]
    return [one for one in found if is_number(one)]


def _is_cut(made: Made) -> bool:
    """Whether something other than usual may cut what was sent, stretch it or lengthen it."""
    names = (name.lower() for name in made.changed - {*made.files})
    return any(RESIZES.search(name) or LENGTHENS.search(name) for name in names)


def _side(at: int, name: str, made: Made) -> bool | None:
    sent = sent_picture(made)
    # of a part of a picture it is another thing, though with one picture it may be all of it
    whole = [one for one in made.objects if not _PLACES & {key.lower() for key in one}]
    found = [one[name] for one in whole if is_number(one.get(name))]
    if sent is None or not found or _is_cut(made):
        return None
    own = [size[at] for one in files(made.output) if (size := size_of(one)) is not None]
    # it may well be that of the picture that was made
    return None if found == own != [sent[at]] else all(one == sent[at] for one in found)


def _length(made: Made) -> bool | None:
    sent, found = sent_sound(made), _numbers(made, _LASTS)
    if sent is None or len(found) != 1 or _is_cut(made):
        return None
    return bool(abs(found[0] - sent.seconds) <= 0.02 + 0.02 * sent.seconds + _coarse(made))


def _counted(part: str, named: re.Pattern[str], made: Made) -> bool | None:
    wanted, found = count(part, made), _numbers(made, named)
    if wanted is None or len(found) != 1 or _is_cut(made):
        return None
    return bool(found[0] == wanted)


def _moments(made: Made) -> bool | None:
    sent, found = sent_sound(made), _numbers(made, _MOMENT)
    if sent is None or not found or _is_cut(made):
        return None
    return bool(max(found) <= sent.seconds + NEAR_S + _coarse(made))


def _coarse(made: Made) -> float:
    """How far a number may be off for being rounded, where an input says to how many places."""
    asked = [each for name, each in made.inputs.items() if PLACES.fullmatch(name.lower())]
    return max((0.5 * 10.0**-one for one in asked if type(one) is int and one >= 0), default=0.0)
