"""Inputs that say how large, how long or of which kind an output file is."""

import io
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PIL import Image

from safepush.compare import File
from safepush.compare.files import media_type
from safepush.fuzz.code.source import Source
from safepush.fuzz.facts import fact
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.outputs import SUFFIXES
from safepush.fuzz.promises.promise import Made, Promise

SIDE = re.compile(r"(?:image_|output_|video_)?(width|height)")
_SECONDS = re.compile(
    r"(?:audio_|sound_|music_)?(?:duration|length)(?:_in)?(?:_s|_sec|_seconds)?"
    r"|seconds(?:_total)?"
)
_FORMAT = re.compile(r"(?:\w+_)?(?:format|type|extension)")
#: then another size is no surprise
_ABOUT = re.compile(
    r"\b(?:multiples?|round\w*|closest|nearest|about|approx\w*|roughly|at most|at least|max\w*"
    r"|min\w*|up to|limit\w*|clamp\w*|cap(?:ped)?|divisible|steps? of)\b",
    re.I,
)
#: then they are those of a frame, into which something else is put
_FITS = re.compile(
    r"\.thumbnail\(|\bcontain\(|\bfits? (?:in|into|within|inside)\b"
    r"|\bkeeps? (?:its|the|their) (?:proportions|aspect|shape)",
    re.I,
)
#: then a part that is asked for may be smaller than asked
_CUT = re.compile(
    r"\b(?:leaves?|beyond|outside(?: of)?|goes? over|exceeds?|larger than) (?:the|its) "
    r"(?:edges? of the )?(?:picture|image|photo|edges?|frame)\b|\bas far as\b",
    re.I,
)
#: "length of the longer side of the result"
_LONGER = re.compile(
    r"^(?:\w+ ){0,3}(?P<which>longer|longest|shorter|shortest) side of the"
    r" (?:result|output|picture|preview)[^.;]*(?:[.;]|$)(?!.*(?:smaller|stay|unless|at most|never))"
)
#: what is shorter by itself stays so
_LONGEST = re.compile(
    r"\b(?:at most|max\w*|up to)\b"
    r"|\bshorter (?:\w+ )*(?:is|are|stays?|comes?) (?:kept|left|whole|as)\b",
    re.I,
)
#: inputs that may well turn a picture
_TURNS = re.compile(
    r"rotat|turn|orient|angle|degree|portrait|landscape|flip|transpos|aspect|upright|image"
)
_ORIENTATION = 274
#: models round to so many pixels, and sound to frames
NEAR_PIXELS, NEAR_S, NEAR_PART = 64, 0.5, 0.25


def sides(fields: Sequence[Field]) -> tuple[Field, Field] | None:
    """The inputs that say how wide and how high something is to be."""
    found = {
        match[1]: one
        for one in fields
        if one.numbers is not None and (match := SIDE.fullmatch(one.name.lower()))
    }
    return (found["width"], found["height"]) if len(found) == 2 else None


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """What the names of inputs say of files."""
    if (told_by := sides(fields)) is not None:
        width, height = told_by
        told = f"the output is not as large as {width.name!a} and {height.name!a} say"
        is_frame = _FITS.search(source.text) or any(_FITS.search(one.description) for one in fields)
        cut = any(_CUT.search(one.description) for one in fields)
        exact = not (is_frame or cut or any(is_about(one.description) for one in told_by))
        yield Promise(broken=told, kept=partial(_sized, width.name, height.name, exact))
    else:
        yield from _alone(fields, source)
    for one in fields:
        if one.numbers is not None and (match := _LONGER.search(one.description.lower())):
            told = f"the {match['which']} side is not as {one.name!a} says"
            yield Promise(broken=told, kept=partial(_sided, one.name, match["which"]))
        exact = not is_about(one.description)
        if one.numbers is not None and _LONGEST.search(one.description):
            told = f"the output lasts longer than {one.name!a} allows"
            if _SECONDS.fullmatch(one.name.lower()):
                yield Promise(broken=told, kept=partial(_lasts_at_most, one.name))
        elif one.numbers is not None and exact and _SECONDS.fullmatch(one.name.lower()):
            told = f"the output does not last as long as {one.name!a} says"
            yield Promise(broken=told, kept=partial(_lasts, one.name))
        if one.choices and _FORMAT.fullmatch(one.name.lower()):
            told = f"the output is not of the kind that {one.name!a} says"
            yield Promise(broken=told, kept=partial(_is_kind, one.name))


def _sized(width: str, height: str, exact: bool, made: Made) -> bool | None:
    wanted = (made.inputs.get(width), made.inputs.get(height))
    sizes = [size_of(one) for one in files(made.output)]
    if not sizes or None in sizes or not all(type(one) is int for one in wanted):
        return None
    if all(size == wanted for size in sizes):
        return True
    turned = wanted[0] != wanted[1] and (wanted[1], wanted[0]) in sizes
    if turned and not any(_TURNS.search(name.lower()) for name in made.changed):
        return False
    alone = exact and made.changed <= {width, height}
    far = any(
        _is_far(got, asked, NEAR_PIXELS)
        for size in sizes
        if size is not None
        for got, asked in zip(size, wanted, strict=True)
    )
    return False if alone and far else None


def _alone(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """A width without a height, or the other way round."""
    is_frame = _FITS.search(source.text) or any(_CUT.search(one.description) for one in fields)
    for one in () if is_frame else fields:
        match = SIDE.fullmatch(one.name.lower()) if one.numbers is not None else None
        if match is not None and not is_about(one.description):
            told = f"the output has not the {match[1]} that {one.name!a} says"
            yield Promise(broken=told, kept=partial(_is_side, one.name, match[1]))


def _is_side(name: str, which: str, made: Made) -> bool | None:
    wanted, found = made.inputs.get(name), [size_of(one) for one in files(made.output)]
    others = any(_TURNS.search(one.lower()) for one in made.changed - {name})
    if type(wanted) is not int or not found or None in found or others:
        return None
    at = 0 if which == "width" else 1
    return all(size[at] == wanted for size in found if size is not None)


def _sided(name: str, which: str, made: Made) -> bool | None:
    wanted, found = made.inputs.get(name), [size_of(one) for one in files(made.output)]
    if type(wanted) is not int or not found or None in found:
        return None
    side = max if which.startswith("long") else min
    return all(abs(side(size) - wanted) <= 1 for size in found if size is not None)


def _lasts(name: str, made: Made) -> bool | None:
    wanted = made.inputs.get(name)
    lengths = [seconds(one) for one in files(made.output)]
    if not lengths or None in lengths or not isinstance(wanted, int | float):
        return None
    if all(abs(one - wanted) <= max(0.1, 0.05 * wanted) for one in lengths if one is not None):
        return True
    far = any(_is_far(one, wanted, NEAR_S) for one in lengths)
    return False if far and made.changed <= {name} else None


def _lasts_at_most(name: str, made: Made) -> bool | None:
    wanted = made.inputs.get(name)
    found = [length for one in files(made.output) if (length := seconds(one)) is not None]
    if not found or not isinstance(wanted, int | float) or made.changed - {name}:
        return None
    return max(found) <= wanted + max(0.1, 0.05 * wanted)


def _is_kind(name: str, made: Made) -> bool | None:
    wanted = SUFFIXES.get(str(made.inputs.get(name)).lower().lstrip("."))
    kinds = {media_type(one.content) for one in files(made.output)}
    if wanted is None or not kinds:
        return None
    if kinds == {wanted}:
        return True
    return False if kinds & (set(SUFFIXES.values()) - {wanted}) else None


def files(output: Any) -> Iterator[File]:
    """Every file of an output."""
    if isinstance(output, File):
        yield output
    elif isinstance(output, list | dict):
        for each in output.values() if isinstance(output, dict) else output:
            if isinstance(each, File | list | dict):  # of what is none there may be thousands
                yield from files(each)


def _is_far(got: Any, asked: Any, near: float) -> bool:
    return bool(abs(got - asked) > max(near, NEAR_PART * asked))


def is_about(description: str) -> bool:
    """Whether a description speaks of a limit or of rounding."""
    return bool(_ABOUT.search(description))


def size_of(file: File) -> tuple[int, int] | None:
    """(width, height) of a picture."""
    return _size_of(file.content)


@fact
def _size_of(content: bytes) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except Exception:  # decoders raise what they like; what is no picture has no size
        return None


def turn_of(file: File) -> tuple[tuple[int, int], int] | None:
    """(size, how its EXIF says that it has to be turned) of a picture: 1 is upright."""
    return _turn_of(file.content)


@fact  # a PNG is unpacked for it
def _turn_of(content: bytes) -> tuple[tuple[int, int], int] | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            turn = picture.getexif().get(_ORIENTATION, 1)
            return picture.size, turn if turn > 1 else 1
    except Exception:  # decoders raise what they like; what is no picture is not turned
        return None


def frames_of(file: File) -> int | None:
    """How many pictures there are in one: frames, or pages."""
    return _frames_of(file.content)


@fact
def _frames_of(content: bytes) -> int | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return int(getattr(picture, "n_frames", 1))
    except Exception:  # decoders raise what they like; what is no picture has no frames
        return None


@dataclass(frozen=True)
class Sound:
    """How a sound is recorded, and how long it lasts."""

    seconds: float
    rate: int
    channels: int
    samples: int


def sound_of(file: File) -> Sound | None:
    """What can be told of a sound, where it is WAV."""
    try:
        with wave.open(io.BytesIO(file.content)) as sound:
            rate = sound.getframerate() or 1
            count = sound.getnframes()
            return Sound(count / rate, rate, sound.getnchannels(), count)
    except (wave.Error, EOFError):
        return None


def seconds(file: File) -> float | None:
    """How long a sound lasts, where it is WAV."""
    sound = sound_of(file)
    return None if sound is None else sound.seconds
