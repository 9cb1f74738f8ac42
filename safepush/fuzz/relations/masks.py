"""A mask of which white is told to be changed, or kept, and black the other way."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.sent import file_of

_WHAT = (
    r"(?:paint|fill|replac|eras|blur|inpaint|edit|cover|hid|chang|redraw|colou?r|pixelat|darken"
    r"|blank|cut out|remov|alter|retouch|tint|masked out|made|becomes?|transparent)"
)
_KEPT = (
    r"(?:kept|keeps?|stay|remain|untouched|unchanged|left|preserv|protect|as it (?:is|was)|shown"
    r"|shows?|visible|not (?:changed|painted|touched))"
)
_CLAUSE = re.compile(
    r"[,;.]|\b(?:and|while|whereas|but)\b(?= (?:\w+ ){0,4}(?:black|white|dark|light))"
)
_EITHER = re.compile(r"\bif\b|\binvert|\bunless\b|\beither\b|\bdepend")
_MASK = re.compile(r"mask|matte|stencil|selection|region")
#: of 255: what is as it was, and what is certainly not
SAME, OTHER = 3.0, 10.0


@dataclass(frozen=True)
class Masks(Relation):
    """A white one, and a black one."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where a white mask does what a black one is told to do, twice."""
        masks = [one for one in self.fields if one.is_file and self._is_mask(one)]
        sent = [one for one in self.fields if one.is_file and one not in masks]
        sent = [one for one in sent if _is_picture(self.usual(one))]
        if len(masks) != 1 or len(sent) != 1 or len([*files(self.first.output)]) != 1:
            return
        changes = self._white_changes(masks[0])
        picture = file_of(self.usual(sent[0]))
        if changes is None or picture is None:
            return
        if all(self._is_wrong(masks[0], picture, changes) for _ in range(2)):
            way = "changed" if changes else "kept"
            told = (
                f"what is white in {masks[0].name!a} is not {way}, as is told, and what is black is"
            )
            yield self.suspicion(told)

    def _is_mask(self, field: Field) -> bool:
        said = field.description.lower()
        named = _MASK.search(f"{field.name.lower()} {said}") or "black" in said
        return bool(named) and "white" in said

    def _white_changes(self, field: Field) -> bool | None:
        """Whether white is to be changed; None where nobody can tell."""
        own = [one.text for one in sentences(self.fields, self.source) if one.field == field]
        if any(_EITHER.search(one) for one in own):
            return None
        white = {_changes(part) for one in own for part in _CLAUSE.split(one) if "white" in part}
        black = {_changes(part) for one in own for part in _CLAUSE.split(one) if "black" in part}
        told = (white | {None if one is None else not one for one in black}) - {None}
        return told.pop() if len(told) == 1 else None

    def _is_wrong(self, field: Field, picture: File, changes: bool) -> bool:
        white, black = (self.made({field.name: one.uri}) for one in _plain())
        to_change, to_keep = (white, black) if changes else (black, white)
        far = [_distance(picture, one) for one in (to_change, to_keep)]
        return far[0] is not None and far[1] is not None and far[0] <= SAME and far[1] >= OTHER


def _changes(part: str) -> bool | None:
    kept, changed = re.search(rf"\b{_KEPT}", part), re.search(rf"\b{_WHAT}", part)
    if kept and changed:
        return None
    return bool(changed) if kept or changed else None


def _is_picture(value: Any) -> bool:
    found = media.of(value)
    return found is not None and found.kind == "image"


@lru_cache(1)
def _plain() -> tuple[media.Medium, media.Medium]:
    """(a white mask, a black one) of the size of the usual picture."""
    white, black = (Image.new("L", (96, 64), shade) for shade in (255, 0))
    made = pictures.image("white mask", white), pictures.image("black mask", black)
    return media.own(made[0]), media.own(made[1])


def _distance(picture: File, made: Tried) -> float | None:
    """How far the output is from the picture, what is transparent being none of it."""
    found = [*files(made.output)] if made.succeeded else []
    if len(found) != 1:
        return None
    one, other = _pixels(picture), _pixels(found[0])
    if one is None or other is None or one.shape != other.shape:
        return None
    return float(np.abs(one - other).mean())


def _pixels(file: File) -> Any:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            return np.asarray(picture.convert("RGBA"), np.float64)
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
