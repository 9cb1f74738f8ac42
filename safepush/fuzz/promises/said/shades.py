"""Sentences that say that a picture gets lighter alone, or darker alone: "never darkens it"."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.promises.sizes import files, turn_of

_ALL = (
    r"(?=[,.;:!)]|$| (?:and|or|but|it|them|anything|what|any|(?:a|the|its) (?:pixels?|picture|image"
    r"|photo(?:graph)?)|pixels)\b)"
)
_GETS = r"(?:gets?|becomes?|grows?|turns?|is|are|makes? (?:it|them|anything|a pixel|pixels)|made)"


def _one_way(verb: str, other: str, more: str, less: str) -> re.Pattern[str]:
    """What says that something is done, and never its opposite."""
    never = r"(?:never|nothing(?: is)?|no pixel(?: is)?)"
    return re.compile(
        rf"\b(?:{never}(?: ever)? (?:be )?{other}{_ALL}"
        rf"|{never}(?: ever| can)? (?:be |{_GETS} )(?:any )?{less}\b"
        rf"|only(?: ever)? {verb}{_ALL}|{verb} (?:it |pixels )?(?:only|alone){_ALL}"
        rf"|only(?: ever)? {_GETS} {more}\b)"
    )


_BRIGHT, _DARK = r"(?:brighten|lighten)(?:s|ed|ing)?", r"darken(?:s|ed|ing)?"
_WAYS = (
    (1, _one_way(_BRIGHT, _DARK, r"(?:brighter|lighter)", "darker")),
    (-1, _one_way(_DARK, _BRIGHT, "darker", r"(?:brighter|lighter)")),
)
_UNLESS = re.compile(
    r"\b(?:unless|if|when|where|except|than|default|average|usually|almost|mostly|may|otherwise"
    r"|below|above)\b"
)
#: inputs that may well do the opposite
_OPPOSITE = re.compile(
    r"dark|contrast|vignett|invert|negativ|gamma|shadow|tint|tone|curve|satur|black|white|multipl"
    r"|blend|opacit|mode|colou?r|gr[ae]y|sepia|fade|light|bright|blur|sharp|size|width|height|crop"
)
#: of 255, as far as codecs take a pixel; and the part of the pixels that may be further
NEAR, FEW = 48.0, 0.01


def way(one: Said) -> int:
    """1: it gets lighter alone, -1: darker alone, 0: nobody says so."""
    found = [sign for sign, pattern in _WAYS if pattern.search(one.text)]
    return found[0] if len(found) == 1 and not _UNLESS.search(one.text) else 0


def promises(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Promise]:
    """That no pixel goes the other way; of what an input does by itself two have to be made."""
    for one in {way(one): one for one in said if _is_of_all(one)}.values():
        told = f"a pixel gets {'darker' if way(one) > 0 else 'lighter'}, and none does, as is told"
        rest = [each.text for each in said if each is not one] + [each.name for each in fields]
        # where nothing else may do it, it cannot be meant otherwise
        is_firm = not any(_OPPOSITE.search(each.lower()) for each in rest)
        yield Promise(broken=told, kept=partial(_kept, way(one)), always=True, firm=is_firm)


def ideas(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """A white picture, or a black one, where there is no room to go on."""
    for sign in dict.fromkeys(way(one) for one in said if _is_of_all(one)):
        yield from ({one.name: full(sign).uri} for one in fields if one.is_file)


@lru_cache(2)
def full(sign: int) -> media.Medium:
    """A picture that cannot get any lighter (1), or darker (-1)."""
    colour = "white" if sign > 0 else "black"
    return media.own(pictures.image(f"{colour} picture", Image.new("RGB", (96, 64), colour)))


def goes_back(sign: int, one: File, other: File) -> bool | None:
    """Whether pixels of the second picture are further the other way than those of the first."""
    first, second = _light(one), _light(other)
    if first is None or second is None or first.shape != second.shape:
        return None
    return bool(((first - second) * sign > NEAR).mean() > FEW)


def _is_of_all(one: Said) -> bool:
    """Whether it is said of the whole model, and not of one input that does it."""
    return bool(way(one)) and (one.field is None or one.field.is_file)


def _kept(sign: int, made: Made) -> bool | None:
    sent, given = [*made.files.values()], [*files(made.output)]
    names = made.changed - {*made.files}
    if len(sent) != 1 or len(given) != 1 or any(_OPPOSITE.search(one.lower()) for one in names):
        return None
    back = goes_back(sign, sent[0], given[0])
    return None if back is None else not back


def _light(file: File) -> Any:
    """How light each pixel is, of 255; None of what nobody sees in one way alone."""
    turn = turn_of(file)
    if turn is None or turn[1] != 1:
        return None
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            is_plain = picture.mode in ("RGB", "L") and "transparency" not in picture.info
            still = getattr(picture, "n_frames", 1) == 1
            return np.asarray(picture.convert("L"), np.float64) if is_plain and still else None
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
