"""Whether two outputs say about the same, but for what they say of how something is stored."""

import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.promises import sounds
from safepush.fuzz.promises.parts import is_number

#: members that tell how something is stored, or what so many bits alone make of it
_STORED = re.compile(
    r"chan|stereo|mono|bits?|width|depth|mode|band|alpha|format|codec|encod|subtype|byte|size|file"
    r"|name|kind|type|layout|samples|frames|values|levels|noise|floor|snr|dynamic|flat|entropy"
    r"|unique|distinct|quiet|energy|power|total|sum|hash|digest|colou?rs|raw|hist|seconds_took|took"
)
#: members that are larger where channels are added up, by so much at most, in decibels or times
_LEVEL = re.compile(r"level|loudness|rms|peak|decibel|(?:^|_)db|amplitude|volume|gain")
ADDED_DB, ADDED = 6.3, 2.1
#: a long text without a blank is a code for something, of which nobody knows what
_CODE = re.compile(r"\S{24}")
#: how far two numbers may be from each other: in parts of the larger one, and near nothing
NEAR, LEAST = 0.1, 0.02
#: what numbers of more or fewer bits are to each other
_SCALES = (2.0**8, 2.0**16, 2.0**24, 257.0)
#: of 255, on average; and of the level of a sound
NEAR_PIXELS, NEAR_LEVEL, LEAST_LEVEL = 10.0, 0.25, 0.02


def differ(one: Any, other: Any, *, added: bool = False) -> bool:
    """Whether they are certainly not about the same; what nobody can tell is no difference.

    `added`: one of them may be made of channels that are added up.
    """
    if isinstance(one, File) and isinstance(other, File):
        return _files_differ(one, other, added)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        told = [name for name in one if name in other and not _STORED.search(name.lower())]
        return any(_members_differ(name, one[name], other[name], added) for name in told)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return True
        return any(differ(*pair, added=added) for pair in zip(one, other, strict=True))
    if isinstance(one, str) and isinstance(other, str):
        return _texts_differ(one, other)
    if is_number(one) and is_number(other):
        return _numbers_differ(one, other)
    return type(one) is not type(other) or one is not other


def _members_differ(name: str, one: Any, other: Any, added: bool) -> bool:
    numbers = is_number(one) and is_number(other)
    if added and numbers and _LEVEL.search(name.lower()):
        low, high = sorted((abs(one), abs(other)))
        if abs(one - other) <= ADDED_DB or high <= ADDED * low:
            return False
    return differ(one, other, added=added)


def _numbers_differ(one: float, other: float) -> bool:
    low, high = sorted((abs(one), abs(other)))
    if abs(one - other) <= max(LEAST, NEAR * high):
        return False
    # as they stand in the file, which some may mean
    return not any(abs(high - scale * low) <= NEAR * high for scale in _SCALES)


def _texts_differ(one: str, other: str) -> bool:
    """Whether words differ, in texts that have no figures and do not say how a thing is stored."""
    pair = (one, other)
    if any(_CODE.search(text) or re.search(r"\d", text) for text in pair):
        return False
    return not any(_STORED.search(text.lower()) for text in pair) and one.split() != other.split()


def _files_differ(one: File, other: File, added: bool) -> bool:
    if one.content == other.content:
        return False
    sounds = _heard(one), _heard(other)
    if sounds[0] is not None and sounds[1] is not None:
        return _sounds_differ(*sounds[0], *sounds[1], added)
    first, second = seen(one), seen(other)
    if first is None or second is None:
        return False
    return first.shape != second.shape or bool(np.abs(first - second).mean() > NEAR_PIXELS)


def _sounds_differ(one: Any, rate: int, other: Any, other_rate: int, added: bool) -> bool:
    if abs(len(one) / rate - len(other) / other_rate) > 0.02 + 0.02 * len(one) / rate:
        return True
    length = min(len(one), len(other))
    if rate != other_rate or not length:
        return rate != other_rate
    one, other = one[:length], other[:length]
    if added:
        times = (one * other).sum() / max((other * other).sum(), 1e-9)
        other = other * np.clip(times, 1 / ADDED, ADDED)
    far = float(np.abs(one - other).mean())
    return far > LEAST_LEVEL + NEAR_LEVEL * float(np.abs(one).mean())


def _heard(file: File) -> tuple[Any, int] | None:
    """(the samples with all channels as one, the rate) of a sound."""
    found = sounds.heard(file)
    return None if found is None else (found.samples.mean(axis=1), found.rate)


def seen(file: File, *, plain: bool = False) -> Any:
    """The pixels of a picture as most people see them, from 0 to 255; None of anything else.

    `plain`: None of what is transparent or moves, too.
    """
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            if plain and not is_plain(picture):
                return None
            if picture.mode.startswith("I"):
                return np.stack([_grey(picture)] * 3, axis=-1)
            return np.asarray(picture.convert("RGB"), np.float64)
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None


def is_plain(picture: Image.Image) -> bool:
    """Whether nothing in it is transparent or moves."""
    is_clear = "A" in picture.mode or "transparency" in picture.info
    return not is_clear and getattr(picture, "n_frames", 1) <= 1


def shown(picture: Image.Image) -> Image.Image:
    """A picture as `seen` has its pixels, in 8 bits: grey where it is of more of them."""
    if picture.mode.startswith("I"):
        return Image.fromarray(_grey(picture).clip(0, 255).astype(np.uint8))
    # else it would be a copy
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _grey(picture: Image.Image) -> Any:
    grey = np.asarray(picture, np.float64)
    return grey / 257 if grey.max(initial=0) > 255 else grey


def likeness_of(one: Any, other: Any) -> float:
    """How alike two arrays of numbers are, whatever their level and contrast: from -1 to 1."""
    first, second = one - one.mean(), other - other.mean()
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / size if size > 1 else 0.0
