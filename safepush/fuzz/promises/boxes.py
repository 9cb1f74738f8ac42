"""Boxes and points in an output: they lie in the picture that was sent, and their ends in order."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.likeness import sent_picture
from safepush.fuzz.promises.parts import is_number, members, objects
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said.sentences import sentences

RULE = "fuzz-output-parts"
_BOX = re.compile(r"(?:b?box|bounding_?box|rect(?:angle)?|region)(?:es|s)?(?:_xyxy|_xywh)?")
_XY = frozenset({"x", "y", "width", "height", "w", "h"})
#: words for places, without which two numbers may be anything
_POINTS = re.compile(r"\bpixels?\b|\bcoordinates\b|\bcorners?\b|\bkeypoints?\b|\blandmarks?\b")
_LINES = re.compile(r"\blines?\b|\barrows?\b|\bsegments?\b|\bdiagonal|\bvectors?\b|\baxis\b")
_CENTRED = re.compile(r"cent(?:er|re)|\bcx\b")
#: names of the ends of a box, without the underscores in them
_ENDS = (
    ("left", "top", "right", "bottom"),
    ("x0", "y0", "x1", "y1"),
    ("x1", "y1", "x2", "y2"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("minx", "miny", "maxx", "maxy"),
    ("xstart", "ystart", "xend", "yend"),
)
#: names of a corner and a size
_SIZED: Sequence[tuple[str, str, str, str]] = (
    ("x", "y", "width", "height"),
    ("x", "y", "w", "h"),
    ("left", "top", "width", "height"),
)
#: then places are told in something else than pixels of the picture, or go beyond it on purpose
_ELSE = re.compile(
    r"percent|per cent|per ?mille|thousandth|normali[sz]|\brelative|\b(?:to|by|in) 100(?:0|th)?\b"
    r"|\bcells?\b|\btiles?\b|\bfractions?\b|\bmargins?\b|\bpadd|\bbeyond\b|\boutside\b|\bmay lie\b"
    r"|\brotat|\bmillimet|\binch|\bborder|\binset|\bdistances?\b|\bparts? of\b"
    r"|\b(?:each|every|all|four) sides?\b"
)
_UNITS = re.compile(
    r"percent|per cent|per ?mille|thousandth|normali[sz]|\brelative|\b(?:to|by|in) 100(?:0|th)?\b"
    r"|\bcells?\b|\btiles?\b|\bfractions?\b|\bmillimet|\binch|\bcopy\b"
    r"|\b(?:as|in) parts\b|\bparts? of (?:the |its )?(?:widths?|heights?|sides?|size)\b"
)
#: and code that tells them so
_PARTS = re.compile(r"per ?cent|normali[sz]e|\b100(?:0|\.0)? ?\*|\* ?100(?:0|\.0)?\b|thousandth")
#: said of places, this cannot be meant otherwise
_PIXELS = re.compile(
    r"\b(?:box(?:es)?|corners?|edges?|places?|positions?|coordinates|ends|rectangles?|points?|bounds"
    r"|left|right|top|bottom|where)\b.*\bpixels\b|\bpixel (?:coordinates|positions?|boxe?s?)\b"
)
_WITHIN = re.compile(
    r"\b(?:within|inside)(?: of)? (?:the|its) (?:picture|image|photo(?:graph)?|frame)\b"
)
_SCALED = re.compile(
    r"\b(?:scaled|resiz\w+|smaller|larger|thumbnail|model|network|grid|enlarged"
    r"|magnified|upscaled|output|result)\b"
)
#: inputs by which places may well be told otherwise
_CHANGES = re.compile(
    r"margin|pad|expand|grow|scale|factor|zoom|border|unit|format|normal|relative|crop|resiz|size"
    r"|offset|shift|rotat|angle|flip|percent|width|height"
)
#: as far as rounding goes
NEAR = 1.0


class Box(NamedTuple):
    """The corner with the least numbers, and the other one."""

    low: tuple[float, float]
    high: tuple[float, float]


Found = Callable[[Any], list[Box]]


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """What counts where it is so with the usual picture, or where pixels are spoken of."""
    if not any(one.is_file for one in fields):
        return
    told = "a box in the output has its axes exchanged"
    yield Promise(rule=RULE, broken=told, kept=_is_straight, always=True)
    said = [one.text for one in sentences(fields, source)]
    if any(_ELSE.search(text) for text in said) or _PARTS.search(source.text.lower()):
        return
    if not any(_LINES.search(text) for text in said):
        told = "the ends of a box in the output are not in order"
        yield Promise(rule=RULE, broken=told, kept=_in_order)
    told = "a box in the output is not inside of the picture that was sent"
    within = any(_WITHIN.search(one) for one in said)
    firm = within or any(_PIXELS.search(one) and not _SCALED.search(one) for one in said)
    yield Promise(rule=RULE, broken=told, kept=partial(_inside, _ended), firm=firm)
    yield Promise(rule=RULE, broken=told, kept=partial(_inside, _listed), firm=within)
    if not _CENTRED.search(source.text.lower()):
        yield Promise(rule=RULE, broken=told, kept=partial(_inside, _sized))
    if any(_POINTS.search(one) for one in said):
        told = "a point in the output is not inside of the picture that was sent"
        yield Promise(rule=RULE, broken=told, kept=partial(_inside, _points))


def _in_order(made: Made) -> bool | None:
    # of those that have no size at all nobody can tell what is meant
    found = [box for box in _ended(made.output) if box.low != box.high]
    if not found or _is_other(made):
        return None
    return all(low <= high for box in found for low, high in zip(*box, strict=True))


def _inside(found: Found, made: Made) -> bool | None:
    sent, boxes = sent_picture(made), found(made.output)
    if sent is None or not boxes or _is_other(made):
        return None
    return all(
        -NEAR <= at <= side + NEAR
        for box in boxes
        for place in box
        for at, side in zip(place, sent, strict=True)
    )


def _is_straight(made: Made) -> bool | None:
    """Whether the box of the only thing in a picture is not where it is with the axes exchanged."""
    known = [media.of(one) for one in made.inputs.values()]
    found = [one for one in known if one is not None and one.name in pictures.PLACES]
    boxes, sent = _ended(made.output), sent_picture(made)
    if len(found) != 1 or sent is None or not boxes or _is_other(made):
        return None
    width, height = sent
    left, top, right, bottom = pictures.PLACES[found[0].name]
    scaled = [left * height / width, top * width / height]
    scaled += [right * height / width, bottom * width / height]
    wrong = (scaled, [top, left, bottom, right])
    ends = [[*box.low, *box.high] for box in boxes]
    return not any(_is_near(one, each) for one in ends for each in wrong)


def _is_near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= 2 * NEAR for a, b in zip(one, other, strict=True))


def _is_other(made: Made) -> bool:
    return any(_CHANGES.search(name.lower()) for name in made.changed)


def _numbers(output: Any) -> Iterator[Mapping[str, float]]:
    """The numbers of each object, by their names without underscores."""
    for one in objects(output):
        yield {name.lower().replace("_", ""): each for name, each in one.items() if is_number(each)}


def is_box(one: Mapping[str, Any]) -> bool:
    """Whether an object tells of a place: its numbers make nothing together."""
    return bool(_ended(one) or _sized(one))


def _ended(output: Any) -> list[Box]:
    """Boxes that are told by the names of their ends."""
    found = []
    for told in _numbers(output):
        for names in _ENDS:
            if all(name in told for name in names):
                left, top, right, bottom = (told[name] for name in names)
                found.append(Box((left, top), (right, bottom)))
                break
    return found


def _sized(output: Any) -> list[Box]:
    """Boxes that are told by a corner and a size."""
    found = []
    for told in _numbers(output):
        for names in _SIZED:
            if all(name in told for name in names):
                left, top, width, height = (told[name] for name in names)
                found.append(Box((left, top), (left + width, top + height)))
                break
    return found


def _listed(output: Any) -> list[Box]:
    """Boxes that are lists of four: two corners, or a corner and a size; neither goes beyond."""
    named = [each for name, each in members(output) if _BOX.fullmatch(name.lower())]
    rows = [row for each in named for row in _rows(each)]
    return [Box((min(row[::2]), min(row[1::2])), (max(row[::2]), max(row[1::2]))) for row in rows]


def of(output: Any) -> list[Box]:
    """All boxes and points of an output, however they are told."""
    return [*_ended(output), *_sized(output), *_listed(output), *_points(output)]


def are_pixels(fields: Sequence[Field], source: Source) -> bool:
    """Whether places are told in pixels of what was sent, and nothing speaks of other units."""
    said = [one.text for one in sentences(fields, source)]
    if any(_UNITS.search(one) for one in said) or _PARTS.search(source.text.lower()):
        return False
    told = [one for one in said if _PIXELS.search(one) or "pixels" in one]
    return any(map(_PIXELS.search, told)) and not any(map(_SCALED.search, told))


def _rows(value: Any) -> Iterator[list[float]]:
    if not isinstance(value, list):
        return
    if len(value) == 4 and all(map(is_number, value)):
        yield value
    for each in value:
        yield from _rows(each)


def _points(output: Any) -> list[Box]:
    """Places that are told by two numbers alone."""
    found = [(told["x"], told["y"]) for told in _numbers(output) if {"x", "y"} == {*told} & _XY]
    return [Box(each, each) for each in found]
