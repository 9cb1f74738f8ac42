"""Two channels that were the same: each comes out as the sound does in one channel."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.promises.sounds import heard

#: then one channel may well become something else than the other one, or than it is by itself
_APART = re.compile(
    r"\bwid(?:e|er|en\w*|th)\b|\bspread|\bchorus|\bensemble|\bping|\bspatial|\bsurround|\bbinaural"
    r"|\b3d\b|\bdecorrelat|\bphase|\bswap|\bautopan|\brotary|\bleslie|\brandom|\bcrackle"
)
#: parts of a sound that are looked at by themselves, and how much of one has to be other
PARTS, UNLIKE = 24, 0.5
#: a part that is softer than this, of the loudest one, says little
SOFT = 0.25
#: two channels may be made softer, or be added up
LEAST_TIMES, MOST_TIMES = 0.4, 2.5


def may_differ(fields: Sequence[Field], source: Source) -> bool:
    """Whether something tells that channels are not treated alike."""
    names = " ".join(one.name.lower().replace("_", " ") for one in fields)
    said = [one.text for one in sentences(fields, source)]
    return any(_APART.search(one) for one in (names, *said))


def are_mixed_up(one: Any, two: Any) -> bool:
    """Whether a sound in two channels is, in some part, not the one in one channel.

    `one` and `two` are the outputs of the same sound in one channel, and in two.
    """
    single, double = (_only(each) for each in (one, two))
    if single is None or double is None or (single.shape[1], double.shape[1]) != (1, 2):
        return False
    length = min(len(single), len(double))
    if length < 2 * PARTS or abs(len(single) - len(double)) > 0.02 * length:
        return False  # how long it lasts is told of elsewhere
    straight = single[:length, 0]
    return any(_is_other(straight, channel) for channel in double[:length].T)


def _is_other(straight: Any, channel: Any) -> bool:
    times = (straight * channel).sum() / max((channel * channel).sum(), 1e-9)
    channel = channel * np.clip(times, LEAST_TIMES, MOST_TIMES)
    parts = zip(np.array_split(straight, PARTS), np.array_split(channel, PARTS), strict=True)
    told = [(_level(part), _level(part - other)) for part, other in parts]
    loudest = max(level for level, _ in told)
    return any(level > SOFT * loudest and off > UNLIKE * level for level, off in told)


def _level(samples: Any) -> float:
    return float(np.sqrt((samples**2).mean()))


def _only(output: Any) -> Any:
    """The samples of the only file; None of what is no WAV of 16 bits."""
    found = [*files(output)]
    only = heard(found[0]) if len(found) == 1 else None
    return only.samples if only is not None and only.width == 2 else None
