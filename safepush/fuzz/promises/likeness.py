"""What an output file has of the one that was sent, and what other inputs say of that."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PIL import Image

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.promise import RULE, Made, Promise
from safepush.fuzz.promises.sizes import Sound, sound_of

_SCALE = re.compile(
    r"(?:up)?scale(?:_factor)?|(?:resize_|zoom_|scaling_|upsampling_)?factor|zoom|upscale_by"
)
_SPEED = re.compile(r"(?:playback_)?(?:speed|tempo|rate)(?:_factor)?")
_RATE = re.compile(r"(?:output_|target_)?(?:sample|sampling)_?rate(?:_hz)?|rate|sr")
_CHANNELS = re.compile(r"(?:num_|n_|output_)?channels")
_FPS = re.compile(r"(?:output_|target_)?(?:fps|frame_?rate|frames_per_second)")
_RATIO = re.compile(r"(?:output_)?(?:aspect_?)?ratio")
_SIZE = re.compile(r"(?:output_|image_)?(?:size|resolution|dimensions)")
#: numbers that say how large a picture may be
LARGEST = re.compile(
    r"max_(?:image_)?(size|side|width|height|dim|dimension|edge|pixels)|longest_(side|edge)"
)
_DENSITY = re.compile(r"(?:output_|image_)?(?:dpi|ppi)")
_PAIR = re.compile(r"(\d+)\s*[:x/]\s*(\d+)")
#: inputs that make a picture another size, or a sound another length
RESIZES = re.compile(
    r"width|height|size|scale|factor|zoom|crop|pad|border|margin|rotat|angle|degree|aspect|ratio"
    r"|resol|dimen|max|min|side|turn|orient|expand|frame|tile|grid|column|row|layout|trim"
)
LENGTHENS = re.compile(
    r"speed|tempo|stretch|rate|trim|start|end|dur|length|pad|silen|fade|loop|repeat|delay|echo"
    r"|reverb|tail|crop|pause|sec|offset|max|min|begin|from|until|skip|take|cut|limit|fps"
)
#: inputs that may cut, or make smaller, what is larger than the usual one
_BOUNDS = re.compile(r"max|limit|longest|side|thumb|crop|trim|dur|length|sec|start|end|until|keep")
_MULTIPLES = re.compile(
    r"multiple|divisible|\beven\b|round(?:ed|s)? (?:down|up|to)|[%/] ?(?:4|8|16|32|64)\b"
)
#: code that may look for what is in a file, and leave out the rest
_TRIMS = re.compile(
    r"getbbox|crop|trim|thumbnail|expand|silen|strip|border"
    r"|\b(?:first|last|only|at most) (?:\w+ ){0,2}(?:seconds?|minutes?)\b|\bshortened\b"
    r"|\b(?:larger|bigger) (?:ones|pictures|images|photos)\b|\bmade smaller\b"
)
#: larger pictures may be made smaller, and very small ones larger
MOST_PIXELS, LEAST_SIDE = 2_000_000, 8
LEAST_S = 0.05


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """What may be so; whether it is meant shows with the usual inputs."""
    is_bounded = any(_BOUNDS.search(one.name.lower()) for one in fields)
    cuts = is_bounded or _TRIMS.search(source.text.lower())
    if any(one.is_file for one in fields) and not cuts:
        near = sizes.NEAR_PIXELS if _MULTIPLES.search(source.text.lower()) else 0
        told = "the output is not as large as the picture that was sent, as with the usual one"
        yield Promise(rule=RULE, broken=told, kept=partial(_as_large, near))
        told = "the output does not last as long as the sound that was sent, as with the usual one"
        yield Promise(rule=RULE, broken=told, kept=_as_long)
    for one in fields:
        for named, what, kept in _KINDS:
            if named.fullmatch(one.name.lower()) and not sizes.is_about(one.description):
                told = f"the output has not the {what} that {one.name!a} says"
                yield Promise(rule=RULE, broken=told, kept=partial(kept, one.name))


# Pictures


def _pictures(output: Any) -> list[tuple[int, int]]:
    found = (sizes.size_of(one) for one in sizes.files(output))
    return [one for one in found if one is not None]


def sent_picture(made: Made) -> tuple[int, int] | None:
    """The size of the only picture that was sent, where it has an ordinary one."""
    found = list(filter(None, map(_upright, made.files.values())))
    if len(found) != 1:
        return None
    (width, height) = found[0]
    return found[0] if min(width, height) >= LEAST_SIDE and width * height <= MOST_PIXELS else None


def _upright(file: File) -> tuple[int, int] | None:
    found = sizes.turn_of(file)
    # who turns it as it should be shown, and who does not: both are usual
    return None if found is None or found[1] > 4 else found[0]


def _as_large(near: int, made: Made) -> bool | None:
    sent, found = sent_picture(made), _pictures(made.output)
    if sent is None or not found or any(RESIZES.search(name.lower()) for name in made.changed):
        return None
    return all(abs(got - had) <= near for one in found for got, had in zip(one, sent, strict=True))


def _scaled(name: str, made: Made) -> bool | None:
    sent, found, factor = sent_picture(made), _pictures(made.output), made.inputs.get(name)
    if sent is None or not found or not is_number(factor) or _others(made, name, RESIZES):
        return None
    most = [each for one, each in made.inputs.items() if LARGEST.fullmatch(one) and is_number(each)]
    if most and max(sent) * factor > min(most):
        return None
    return all(
        abs(got - had * factor) <= 1 + 0.01 * got
        for one in found
        for got, had in zip(one, sent, strict=True)
    )


def _in_ratio(name: str, made: Made) -> bool | None:
    asked, found = _PAIR.fullmatch(str(made.inputs.get(name))), _pictures(made.output)
    if asked is None or not found or _others(made, name, RESIZES):
        return None
    if not int(asked[1]) or not int(asked[2]):
        return None
    wanted = int(asked[1]) / int(asked[2])
    return all(1 / 1.15 <= width / height / wanted <= 1.15 for width, height in found)


def _of_size(name: str, made: Made) -> bool | None:
    asked, found = _PAIR.fullmatch(str(made.inputs.get(name))), _pictures(made.output)
    if asked is None or not found or _others(made, name, RESIZES):
        return None
    return all(one == (int(asked[1]), int(asked[2])) for one in found)


def _dense(name: str, made: Made) -> bool | None:
    asked, found = made.inputs.get(name), [*map(_density, sizes.files(made.output))]
    if not found or None in found or not is_number(asked):
        return None
    return all(abs(one - asked) < 1 for one in found if one is not None)


def _density(file: File) -> float | None:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            told = picture.info.get("dpi")
            return float(told[0]) if told else None
    except Exception:  # decoders raise what they like; what is no picture has none
        return None


def _others(made: Made, name: str, named: re.Pattern[str]) -> bool:
    """Whether another input that has to do with it is not as usual."""
    return any(named.search(one.lower()) for one in made.changed - {name})


# Sounds and films


def _sounds(output: Any) -> list[Sound]:
    return [one for one in map(sound_of, sizes.files(output)) if one is not None]


def sent_sound(made: Made, least_s: float = LEAST_S) -> Sound | None:
    """The only sound that was sent, where it is WAV and not too short."""
    found = list(filter(None, map(sound_of, made.files.values())))
    return found[0] if len(found) == 1 and found[0].seconds >= least_s else None


def _as_long(made: Made) -> bool | None:
    sent, found = sent_sound(made), _sounds(made.output)
    if sent is None or not found or any(LENGTHENS.search(name.lower()) for name in made.changed):
        return None
    return all(_alike(one.seconds, sent.seconds) for one in found)


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= max(0.1, 0.05 * other)


def _faster(name: str, made: Made) -> bool | None:
    sent, found, speed = sent_sound(made), _sounds(made.output), made.inputs.get(name)
    if sent is None or not found or not is_number(speed) or speed <= 0:
        return None
    if _others(made, name, LENGTHENS):
        return None
    return all(_alike(one.seconds, sent.seconds / speed) for one in found)


def _recorded(fact: Callable[[Sound], int], name: str, made: Made) -> bool | None:
    asked, found = re.fullmatch(r"(\d+)", str(made.inputs.get(name))), _sounds(made.output)
    if asked is None or not found:
        return None
    return all(fact(one) == int(asked[1]) for one in found)


def _at_rate(name: str, made: Made) -> bool | None:
    asked, rates = made.inputs.get(name), [*map(_frame_rate, sizes.files(made.output))]
    if not rates or None in rates or not is_number(asked) or asked <= 0:
        return None
    # an animation counts in hundredths of a second
    return all(abs(one - asked) <= 0.02 * asked + one * one / 100 for one in rates if one)


def _frame_rate(file: File) -> float | None:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            shown = picture.info.get("duration", 0)
            return 1000 / shown if shown and getattr(picture, "n_frames", 1) > 1 else None
    except Exception:  # decoders raise what they like
        return _film_rate(file)


def _film_rate(file: File) -> float | None:
    try:
        from safepush.compare.videos import Unreadable, facts
    except ModuleNotFoundError:
        return None  # without PyAV nobody can tell
    try:
        return facts(file.content).rate or None
    except Unreadable:
        return None


_KINDS: tuple[tuple[re.Pattern[str], str, Callable[..., bool | None]], ...] = (
    (_SCALE, "size", _scaled),
    (_RATIO, "shape", _in_ratio),
    (_SIZE, "size", _of_size),
    (_SPEED, "length", _faster),
    (_RATE, "rate", partial(_recorded, lambda sound: sound.rate)),
    (_CHANNELS, "channels", partial(_recorded, lambda sound: sound.channels)),
    (_FPS, "frame rate", _at_rate),
    (_DENSITY, "density", _dense),
)
