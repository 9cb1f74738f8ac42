"""Sentences that say which way up a picture comes out: as viewers show what was sent."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from safepush.compare import File, Tolerance, compare
from safepush.fuzz.corpus import media
from safepush.fuzz.corpus.medium import PNG
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.promises.sizes import files

_SHOWS = r"(?:shows?|displays?|sees?|draws?|renders?)"
_UPRIGHT = re.compile(
    r"\bupright\b|\bexif\b|\bas the camera was held\b"
    r"|\b(?:right|same|correct|proper) way (?:up|round)\b|\bthe way up\b"
    rf"|\bas (?:(?:\w+ ){{0,3}}(?:viewers?|browsers?|phones?|cameras?|apps?)) {_SHOWS}\b"
    r"|\bas (?:it|they) (?:is|are) (?:meant to be )?(?:shown|displayed|seen|viewed) (?:by|in|on)\b"
    r"|\b(?:applies|honou?rs|respects|heeds|follows|obeys|keeps|preserves) "
    r"(?:the |its |their )?(?:\w+ )?orientation\b"
    r"|\borientation (?:\w+ ){0,4}(?:is|are) (?:\w+ )?"
    r"(?:applied|honou?red|respected|heeded|followed|obeyed|kept|preserved|taken into account)\b"
    r"|\b(?:turned|rotated) (?:\w+ ){0,2}(?:as|by|to) (?:the |its |their )?"
    r"(?:camera|phone|orientation)\b"
    r"|\b(?:never|not) (?:comes? out |lies? |lying |shown )?"
    r"(?:sideways|upside down|on (?:its|their) sides?)\b"
)
_NOT = re.compile(
    r"\b(?:not|never) (?:\w+ )?(?:upright|turned|rotated|looked at|read|applied|respected"
    r"|honou?red)\b|\bignor|\borientation (?:\w+ ){0,2}(?:is|are) not\b"
    r"|(?<!not )\bas (?:it is |they are )?stored\b"
)
#: switches by whose name more of it is less of that
_LEAVES = re.compile(r"\b(?:keep|raw|ignore|skip|no|without|leave|strip|drop|disable)\b")
#: members that say how a file is stored, which is another one here
_STORED = re.compile(
    r"(?:\w+_)?(?:format|mime|type|mode|bytes|kb|exif|orientation|metadata|hash|md5|sha\d*|name)"
)
_SIZE = re.compile(r"(?:\w+_)?size")
#: those of photographs that lie on their sides, one on each
LYING = (6, 8)
#: of 255, as far as codecs take a picture
NEAR = 32.0
#: of the length of a row of numbers
FAR = 0.2


def tells(said: Sequence[Said]) -> bool:
    """Whether one of them promises it."""
    return any(map(_tells, said))


def switched(said: Sequence[Said]) -> dict[str, Any]:
    """The switches that ask for it, on."""
    fields = [one.field for one in said if _tells(one) and one.field is not None]
    return {one.name: True for one in fields if set(one.choices) == {True, False}}


def _tells(one: Said) -> bool:
    field = one.field
    if not _UPRIGHT.search(one.text) or _NOT.search(one.text):
        return False
    return field is None or _is_for_it(field)


def _is_for_it(field: Field) -> bool:
    """Whether it is no switch that is for what lies on its side, and no other choice."""
    if not field.choices:
        return True
    is_switch = set(field.choices) == {True, False}
    return is_switch and not _LEAVES.search(re.sub(r"[_\W]+", " ", field.name.lower()))


def pairs() -> Iterator[tuple[str, str]]:
    """(a photograph turned by what its EXIF says, the same one that says it)."""
    for one in media.corpus("image"):
        if one.name.endswith(tuple(f"EXIF orientation {turn}" for turn in LYING)):
            content = io.BytesIO()
            with Image.open(io.BytesIO(one.content)) as picture:
                upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.save(content, "PNG")
            yield replace(one, mime=PNG, content=content.getvalue()).uri, one.uri


def is_other(one: Any, other: Any) -> bool:
    """Whether one of two outputs is shown another way up, or tells other sizes."""
    first, second = ([_views(each) for each in files(output)] for output in (one, other))
    if _is_row(one) and _is_row(other):
        return _is_far(np.asarray(one, np.float64), np.asarray(other, np.float64))
    if not first and not second:
        return bool(compare(_bare(one), _bare(other), Tolerance(number=0.05)))
    if len(first) != len(second):
        return False
    return any(_is_unlike(*each) for each in zip(first, second, strict=True)) or _tells_other(
        one, other
    )


def _is_unlike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Neither as it is stored nor as it is shown; what is turned twice is told of elsewhere."""
    pairs = [*zip(one, other, strict=True)] if len(one) == len(other) else []
    return bool(pairs) and all(
        a.shape != b.shape or bool(np.abs(a - b).mean() > NEAR) for a, b in pairs
    )


def _is_row(output: Any) -> bool:
    return isinstance(output, list) and bool(output) and all(map(is_number, output))


def _is_far(one: Any, other: Any) -> bool:
    """Whether two rows of numbers differ by more than decoders do."""
    if one.shape != other.shape:
        return True
    return bool(np.linalg.norm(one - other) > FAR * np.linalg.norm(one))


def _views(file: File) -> Sequence[Any]:
    """Its pixels, and what viewers show of it: they turn it by its EXIF."""
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            views = (picture, ImageOps.exif_transpose(picture))
            return [np.asarray(one.convert("RGB"), np.float64) for one in views]
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return []


def _tells_other(one: Any, other: Any) -> bool:
    """Whether the width and the height beside a picture are exchanged."""
    first, second = _sides(one), _sides(other)
    return first != second and first == second[::-1] and None not in first


def _sides(output: Any) -> tuple[Any, Any]:
    told = output if isinstance(output, Mapping) else {}
    return told.get("width"), told.get("height")


def _bare(output: Any) -> Any:
    """Without what tells of how a file is stored."""
    if isinstance(output, Mapping):
        return {name: _bare(each) for name, each in output.items() if not _is_stored(name, each)}
    return [_bare(each) for each in output] if isinstance(output, list) else output


def _is_stored(name: str, value: Any) -> bool:
    plain = name.lower()
    is_size = _SIZE.fullmatch(plain) is not None and is_number(value)
    return is_size or _STORED.fullmatch(plain) is not None
