"""Sentences that say that transparent parts of a picture stay so."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.facts import fact
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said

_STAYS = re.compile(
    r"\b(?:transparen\w+|alpha)(?: \w+){0,2} (?:stays?|remains?"
    r"|(?:is|are) (?:kept|preserved|retained|left))\b"
    r"|\b(?:keeps?|preserves?|retains?)(?: (?:the|its|any|all))? (?:transparen\w+|alpha)\b"
)
#: a condition that says no more than that there are pictures without any
_ANY = re.compile(
    r"[,(]? ?\b(?:if (?:it|the (?:picture|image)|they|there) (?:has|have|is|are)"
    r" (?:any|one|some|such|a clear colou?r|transparent (?:parts?|areas?))"
    r"|if (?:any|present)|where (?:there is any|present))\b[,)]?"
)
#: of an alpha channel alone, which not all that is transparent has
_CHANNEL = re.compile(r"\balpha\b")
_NOT = re.compile(r"\b(?:not|no|never|unless|only|if|when|where|otherwise|except|but)\b")
#: inputs by which it may well be otherwise
_OTHERWISE = re.compile(r"format|background|fill|flatten|mode|opa|alpha|colou?r|remove|type|matte")
#: how much of a picture has to be clear for it to be still there when it is made smaller
LEAST_PART = 0.1
_BECOMES = re.compile(
    r"\btransparent\b(?: \w+){0,5} (?:becomes?|turns?"
    r"|(?:is|are) (?:made|shown|filled|painted|laid on|put on|drawn on)|on|over|shows? as)"
    r" (?:a )?(?P<colour>white|black)\b"
)
#: of 255, as far as codecs take a pixel; and the part of the pixels that has to be so
NEAR, MOST = 24, 0.9


def speaks(said: Sequence[Said]) -> bool:
    """Whether it is told that it stays."""
    return any(map(_stays, said))


def is_of_all(said: Sequence[Said]) -> bool:
    """Whether it is told so of all that is transparent, and not of an alpha channel alone."""
    return any(_stays(one) and not _CHANNEL.search(one.text) for one in said)


def _stays(one: Said) -> bool:
    plain = " ".join(_ANY.sub(" ", one.text).split())
    return bool(_STAYS.search(plain)) and not _NOT.search(plain)


def promises(said: Sequence[Said]) -> Iterator[Promise]:
    """That what is clear in the only picture that was sent is clear somewhere in the output."""
    for one in said:
        found = _BECOMES.search(one.text)
        if found is not None and not _NOT.search(one.text):
            told = f"what is transparent is not {found['colour']} in the output, as is told"
            shade = 255 if found["colour"] == "white" else 0
            yield Promise(broken=told, kept=partial(_is_laid_on, shade))
    if speaks(said):
        told = "the output has no transparent part where the picture that was sent has, as is told"
        yield Promise(broken=told, kept=partial(_is_clear_too, is_of_all(said)), always=True)


def _is_laid_on(shade: int, made: Made) -> bool | None:
    """Whether what was clear in the only picture that was sent is of one shade in the output."""
    sent = [one for one in map(_shown, made.files.values()) if one is not None]
    found = [one for one in map(_shown, sizes.files(made.output)) if one is not None]
    if len(sent) != 1 or len(found) != 1 or sent[0].shape != found[0].shape:
        return None
    clear = sent[0][..., 3] == 0
    if not clear.any():  # what makes another picture of it may make anything of these, too
        return _is_near(found[0], sent[0]) if (sent[0][..., 3] == 255).all() else None
    return _is_near(found[0][clear], np.full(3, shade, np.int16))


def _is_near(one: Any, other: Any) -> bool:
    return bool((np.abs(one[..., :3].astype(np.int16) - other[..., :3]) <= NEAR).mean() > MOST)


def _is_clear_too(is_of_all: bool, made: Made) -> bool | None:
    if any(_OTHERWISE.search(one.lower()) for one in made.changed):
        return None
    files = [one for one in made.files.values() if is_of_all or _has_alpha(one)]
    sent = [part for one in files if (part := _clear(one.content)) is not None]
    given = sizes.files(made.output)
    found = [part for one in given if (part := _clear(one.content)) is not None]
    return found[0] > 0 if len(sent) == len(found) == 1 and sent[0] >= LEAST_PART else None


@fact
def _clear(content: bytes) -> float | None:
    """The part of a picture of one frame that is wholly transparent; None of what is no picture."""
    found = _unpacked(content)
    if found is None or found.mode in ("RGB", "L"):
        return None if found is None else 0.0
    return found.getchannel("A").histogram()[0] / (found.width * found.height)


def _has_alpha(file: File) -> bool:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            return "A" in picture.getbands()
    except Exception:  # decoders raise what they like; what is no picture has none
        return False


def _shown(file: File) -> Any:
    """A picture of one frame as it is stored, with its transparency."""
    found = _unpacked(file.content)
    return None if found is None else np.asarray(found.convert("RGBA"))


def _unpacked(content: bytes) -> Image.Image | None:
    """A picture of one frame, with its transparency if it may have any."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if getattr(picture, "n_frames", 1) != 1:
                return None
            if picture.mode in ("RGB", "L") and not picture.has_transparency_data:
                picture.load()
                return picture
            return picture.convert("RGBA")
    except Exception:  # decoders raise what they like; what is no picture has no such part
        return None
