"""Sentences that say that transparent parts of a picture stay so."""

import io
import re
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.sent import sent_files

_STAYS = re.compile(
    r"\b(?:transparen\w+|alpha)(?: \w+){0,2} (?:stays?|remains?"
    r"|(?:is|are) (?:kept|preserved|retained|left))\b"
    r"|\b(?:keeps?|preserves?|retains?)(?: (?:the|its|any|all))? (?:transparen\w+|alpha)\b"
)
_NOT = re.compile(r"\b(?:not|no|never|unless|only|if|when|where|otherwise|except|but)\b")
#: inputs by which it may well be otherwise
_OTHERWISE = re.compile(r"format|background|fill|flatten|mode|opa|alpha|colou?r|remove|type|matte")
#: how much of a picture has to be clear for it to be still there when it is made smaller
LEAST_PART = 0.1


def speaks(said: Sequence[Said]) -> bool:
    """Whether it is told."""
    return any(_STAYS.search(one.text) and not _NOT.search(one.text) for one in said)


def promises(said: Sequence[Said]) -> Iterator[Promise]:
    """That what is clear in the only picture that was sent is clear somewhere in the output."""
    if speaks(said):
        told = "the output has no transparent part where the picture that was sent has, as is told"
        yield Promise(broken=told, kept=_is_clear_too, always=True)


def _is_clear_too(made: Made) -> bool | None:
    sent = [one for one in map(_clear, sent_files(made.inputs).values()) if one is not None]
    found = [one for one in map(_clear, sizes.files(made.output)) if one is not None]
    if any(_OTHERWISE.search(one.lower()) for one in made.changed):
        return None
    return found[0] > 0 if len(sent) == len(found) == 1 and sent[0] >= LEAST_PART else None


def _clear(file: File) -> float | None:
    """The part of a picture of one frame that is wholly transparent; None of what is no picture."""
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            if getattr(picture, "n_frames", 1) > 1:
                return None
            return float((np.asarray(picture.convert("RGBA"))[..., 3] == 0).mean())
    except Exception:  # decoders raise what they like; what is no picture has no such part
        return None
