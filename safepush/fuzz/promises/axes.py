"""Width and height, rows and columns: exchanged, which nobody means, whatever the usual output."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.facts import fact
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.alikeness import likeness_of
from safepush.fuzz.promises.parts import is_number, objects
from safepush.fuzz.promises.promise import RULE, Made, Promise
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.promises.sizes import files, sides, size_of, turn_of
from safepush.fuzz.sent import sent_files

#: then one may well have become the other
_TURNS = re.compile(
    r"rotat|\bturn(?!s?\s+(?:off|on)\b)|orient|\bangle|degree|portrait|landscape|flip|transpos|mirror"
)
_EACH = re.compile(
    r"\b(?:each|every|per) (?P<axis>row|column)\b|\bof (?:all|the) (?P<axis2>row|column)s\b"
)
_AXIS = re.compile(r"\brows?\b|\bcolumns?\b|\baxis\b|\balong\b")
_SHAPE = re.compile(
    r"\bundistorted\b|\bnot (?:be )?(?:distorted|stretched|squeezed)\b"
    r"|\bwithout (?:distort|stretch|squeez)\w+|\b(?:keep|preserv|retain|maintain)\w*"
    r" (?:(?:its|the|their) )?(?:\w+ )?(?:aspect|proportions?|shape)\b"
    r"|\b(?:aspect ratio|proportions?) (?:is|are|stays?) (?:kept|preserved|the same)\b"
    r"|\b(?:follows|comes) from (?:the|its) (?:shape|proportions?|aspect)\b|\bin proportion\b"
)
_MEMBER = re.compile(r"(?:per_)?(row|column)s?(?:_\w+)?|\w+_(?:per|by|of)_(row|column)s?")
#: a picture is far from a square from here on, and near to a shape up to there, as a logarithm
FAR, NEAR = 0.3, 0.12
#: so much alike is the same picture
ALIKE = 0.5


def promises(fields: Sequence[Field], source: Source) -> Iterator[Promise]:
    """Nobody means these, so they count whatever the usual output is."""
    said = sentences(fields, source)
    names = " ".join(one.name.lower().replace("_", " ") for one in fields)
    if _TURNS.search(names) or any(_TURNS.search(one.text) for one in said):
        return
    yield from _counted(said, names)
    if (asked := sides(fields)) is not None:
        width, height = (one.name for one in asked)
        # in the words of what counts where the usual one is so, to be told once
        told = f"the output is not as large as {width!a} and {height!a} say"
        yield _firm(told, partial(_asked, width, height))
    elif any(_SHAPE.search(one.text) for one in said):
        yield _firm("a picture that is wide comes out high, and squeezed", _squeezed)
    told = "'width' and 'height' in the output are exchanged"
    yield _firm(told, _told)


def _firm(told: str, kept: Any) -> Promise:
    return Promise(rule=RULE, broken=told, kept=kept, firm=True)


def sent_size(made: Made) -> tuple[int, int] | None:
    """(width, height) of the only picture that was sent, if it has no EXIF to turn it."""
    found = [one for one in map(_plain_size, sent_files(made.inputs).values()) if one is not None]
    return found[0] if len(found) == 1 and len(sent_files(made.inputs)) == 1 else None


def _plain_size(file: File) -> tuple[int, int] | None:
    found = turn_of(file)
    return None if found is None or found[1] != 1 else found[0]


# One for each row, or each column


def _counted(said: Sequence[Said], names: str) -> Iterator[Promise]:
    found = {
        match["axis"] or match["axis2"]
        for one in said
        if one.field is None
        for match in _EACH.finditer(one.text)
    }
    if _AXIS.search(names):
        return
    if len(found) == 1:
        axis = found.pop()
        told = f"there is not one for each {axis}, as is told, but as many as the other way"
        yield _firm(told, partial(_each, axis))
    yield _firm("what is of rows and what is of columns is exchanged", _named)


def _grid(made: Made) -> tuple[int, int] | None:
    """(rows, columns) of what was sent: a picture, or a list of lists; None of squares."""
    size = sent_size(made)
    if size is not None:
        return (size[1], size[0]) if size[0] != size[1] else None
    found = [one for one in map(_matrix, made.inputs.values()) if one is not None]
    return found[0] if len(found) == 1 and found[0][0] != found[0][1] else None


def _matrix(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or not value or not all(isinstance(one, list) for one in value):
        return None
    widths = {len(one) for one in value}
    return (len(value), widths.pop()) if len(widths) == 1 else None


def _each(axis: str, made: Made) -> bool | None:
    grid, output = _grid(made), made.output
    if isinstance(output, dict):
        lists = [one for one in output.values() if _is_plain(one)]
        output = lists[0] if len(lists) == 1 else None
    if grid is None or not _is_plain(output):
        return None
    right, other = grid if axis == "row" else grid[::-1]
    return None if len(output) not in (right, other) else len(output) == right


def _is_plain(value: Any) -> bool:
    return isinstance(value, list) and all(is_number(one) or isinstance(one, str) for one in value)


def _named(made: Made) -> bool | None:
    """Whether members for rows and for columns are both as long as the others should be."""
    grid = _grid(made)
    if grid is None or not isinstance(made.output, dict):
        return None
    lengths: dict[str, set[int]] = {"row": set(), "column": set()}
    for name, value in made.output.items():
        match = _MEMBER.fullmatch(name.lower())
        if match and (_is_plain(value) or type(value) is int):
            axis = match[1] or match[2]
            lengths[axis].add(len(value) if isinstance(value, list) else value)
    wrong = {"row": {grid[1]}, "column": {grid[0]}}
    return None if not all(lengths.values()) else lengths != wrong


# Sizes


def _asked(width: str, height: str, made: Made) -> bool | None:
    wanted = (made.inputs.get(width), made.inputs.get(height))
    sizes = [size_of(one) for one in files(made.output)]
    if not sizes or None in sizes or wanted[0] == wanted[1] or None in wanted:
        return None
    return not all(size == wanted[::-1] for size in sizes)


def _told(made: Made) -> bool | None:
    size = sent_size(made)
    told = [one for one in objects(made.output) if {"width", "height"} <= one.keys()]
    # of parts of a picture, or of another one, they may be anything
    if size is None or size[0] == size[1] or len(told) != 1 or len(told[0]) < 2:
        return None
    if any(files(made.output)) or {"x", "y", "left", "top", "x0", "label"} & told[0].keys():
        return None
    return (told[0]["width"], told[0]["height"]) != size[::-1]


def _squeezed(made: Made) -> bool | None:
    """Whether a picture is not of the shape of the one that was sent the other way round."""
    given = [*files(made.output)]
    sent = [*sent_files(made.inputs).values()]
    size = sent_size(made)
    out = size_of(given[0]) if len(given) == 1 else None
    if size is None or out is None or min(out) < 8 or min(size) < 8:
        return None
    wide, now = float(np.log(size[0] / size[1])), float(np.log(out[0] / out[1]))
    if abs(wide) < FAR or abs(now + wide) > NEAR:
        return None
    first, second = _grey(sent[0].content), _grey(given[0].content)
    if first is None or second is None:
        return None
    straight = likeness_of(first, second)
    turned = max(likeness_of(np.rot90(first, way), second) for way in (1, 3))
    return not (straight > ALIKE and straight > turned)


@fact
def _grey(content: bytes) -> Any:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return np.asarray(picture.convert("L").resize((32, 32)), np.float64)
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
