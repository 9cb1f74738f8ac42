"""Width and height, red and blue, a default: what nobody exchanges on purpose."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field, fields_of
from safepush.fuzz.inputs import wildcards
from safepush.fuzz.probe import Probe, Tried
from safepush.fuzz.promises import axes, hues
from safepush.fuzz.promises.promise import Made, broken
from safepush.fuzz.relations import defaults
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT, source_of

USUAL = media.usual("image")
WIDE, HIGH = 96, 64
NUMBER = {"type": "number", "minimum": 0, "maximum": 1}
WHOLE = {"type": "integer", "minimum": 1, "maximum": 1000}


def fields(**inputs: Any) -> Sequence[Field]:
    shapes = {"Input": {"properties": inputs}, "Output": {"type": "object"}}
    return fields_of({"components": {"schemas": shapes}})


def told(module: Any, output: Any, inputs: dict[str, Any], says: str = "", **shapes: Any) -> Any:
    """What an output of the usual picture, and these inputs, is told to break."""
    head = source_of(f'def predict():\n    """{says}"""\n')
    given = {"image": USUAL.uri, **inputs}
    made = Made(inputs=given, changed=frozenset(), output=output)
    known = fields(image={**FILE, "description": "A picture."}, **shapes)
    return [one.broken for one in broken([*module.promises(known, head)], made)]


def picture() -> Image.Image:
    return Image.open(io.BytesIO(USUAL.content)).convert("RGB")


def png(shown: Image.Image) -> File:
    content = io.BytesIO()
    shown.save(content, "png")
    return File(content.getvalue())


# Rows and columns


@pytest.mark.parametrize(
    ("says", "length", "found"),
    [
        ("The mean of each row of pixels.", WIDE, True),
        ("The mean of each row of pixels.", HIGH, False),
        ("The mean of each row of pixels.", 7, False),
        ("One number per column.", HIGH, True),
        ("How dark every column is.", WIDE, False),
        ("The brightest column of each row.", HIGH, False),
        ("The mean of each row once it is rotated.", WIDE, False),
    ],
)
def test_as_many_as_columns_where_rows_are_told_are_found(
    says: str, length: int, found: bool
) -> None:
    assert bool(told(axes, [0.5] * length, {}, says)) is found


def test_rows_of_a_list_of_lists_are_its_lists() -> None:
    numbers = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
    head = source_of('def predict():\n    """The sum of each row."""\n')
    promises = [*axes.promises(fields(table=numbers), head)]

    for output, count in (([5, 7, 9], 1), ([6, 15], 0)):
        inputs = {"table": [[1, 2, 3], [4, 5, 6]]}
        made = Made(inputs=inputs, changed=frozenset(), output=output)
        assert len([*broken(promises, made)]) == count


@pytest.mark.parametrize(
    ("rows", "columns", "found"), [(HIGH, WIDE, False), (WIDE, HIGH, True), (8, 8, False)]
)
def test_members_for_rows_and_for_columns_are_held_apart(
    rows: int, columns: int, found: bool
) -> None:
    output = {"row_means": [0.5] * rows, "column_means": [0.5] * columns}

    assert bool(told(axes, output, {})) is found


# Sizes


@pytest.mark.parametrize(("size", "found"), [((80, 60), False), ((60, 80), True), ((9, 9), False)])
def test_a_size_that_is_asked_for_the_other_way_round_is_found(
    size: tuple[int, int], found: bool
) -> None:
    asked = {"width": 80, "height": 60}
    sides = {"width": WHOLE, "height": WHOLE}

    assert bool(told(axes, png(picture().resize(size)), asked, **sides)) is found
    assert not told(axes, png(picture().resize(size)), asked, **sides, rotate=WHOLE)


@pytest.mark.parametrize(
    ("size", "turned", "says", "found"),
    [
        ((32, 48), False, "A preview that keeps the aspect ratio.", True),
        ((32, 48), False, "All of the picture, undistorted.", True),
        ((48, 32), False, "A preview that keeps the aspect ratio.", False),
        ((32, 48), True, "A preview that keeps the aspect ratio.", False),
        ((32, 48), False, "A poster.", False),
    ],
)
def test_a_wide_picture_that_comes_out_high_and_squeezed_is_found(
    size: tuple[int, int], turned: bool, says: str, found: bool
) -> None:
    shown = picture().rotate(90, expand=True) if turned else picture()

    assert bool(told(axes, png(shown.resize(size)), {}, says)) is found


@pytest.mark.parametrize(("width", "height", "found"), [(WIDE, HIGH, False), (HIGH, WIDE, True)])
def test_a_width_that_is_the_height_is_found(width: int, height: int, found: bool) -> None:
    assert bool(told(axes, {"width": width, "height": height}, {})) is found
    assert not told(axes, {"x": 0, "y": 0, "width": width, "height": height}, {})


# Red and blue


@pytest.mark.parametrize(
    ("turn", "says", "found"),
    [
        (lambda one: one[:, :, ::-1], "The picture, softer.", True),
        (lambda one: one[::2, ::2, ::-1] // 2 + 40, "The picture, softer.", True),
        (lambda one: one, "The picture, softer.", False),
        (lambda one: 255 - one, "The picture, softer.", False),
        (lambda one: one[:, :, ::-1], "The picture as BGR.", False),
    ],
)
def test_red_and_blue_that_are_exchanged_are_found(turn: Any, says: str, found: bool) -> None:
    made = png(Image.fromarray(np.ascontiguousarray(turn(np.asarray(picture())))))

    assert bool(told(hues, made, {}, says)) is found


# Defaults


@pytest.mark.parametrize(
    ("description", "default", "found"),
    [
        ("Share to keep. If it is not given, half of them are kept.", 0.2, True),
        ("Share to keep. If it is not given, half of them are kept.", 0.5, False),
        ("A third unless told otherwise.", 0.333, False),
        ("30 percent by default.", 0.6, True),
        ("30 percent by default.", 0.3, False),
        ("From 0 to 1 (default: 0.75).", 0.25, True),
        ("Defaults to 0.75, and 0.25 is for pictures.", 0.25, False),
        ("The library's default is 0.75.", 0.25, False),
        ("If it is left out, half way between them.", 0.2, False),
    ],
)
def test_another_default_than_is_told_is_found(
    description: str, default: float, found: bool
) -> None:
    (field,) = fields(share={**NUMBER, "description": description, "default": default})

    assert defaults.is_otherwise(field) is found


@pytest.mark.parametrize(
    ("schema", "description", "found"),
    [
        ({**WHOLE, "default": 80}, "Letters of a line; twenty by default.", True),
        ({**WHOLE, "default": 500}, "In milliseconds, 0.5 seconds by default.", False),
        ({**WHOLE, "default": 5}, "By default 3 times as many.", False),
        ({"type": "boolean", "default": False}, "Whether to trim. On by default.", True),
        ({"type": "boolean", "default": True}, "Whether to trim. On by default.", False),
        ({"type": "boolean", "default": False}, "The cache is on by default; not with it.", False),
        ({**TEXT, "enum": ["a", "b"], "default": "b"}, "`a` by default.", True),
        ({**TEXT, "enum": ["a", "b"], "default": "b"}, "`a` is quick, `b` is the default.", False),
    ],
)
def test_another_default_of_other_kinds_is_found(
    schema: Any, description: str, found: bool
) -> None:
    known = fields(value={**schema, "description": description})
    first = Tried(probe=Probe(inputs={}, layer="usual"))

    assert bool([*defaults.suspicions(known, first)]) is found


# Stars


def test_a_pattern_of_stars_is_sent_with_a_name_that_never_fits() -> None:
    pattern = {**TEXT, "description": "A glob: `*` is any text.", "default": "*.py"}
    known = fields(glob={**pattern, "maxLength": 20}, names=LIST, note={**TEXT, "maxLength": 5})

    (made,) = wildcards.ideas(known, {})

    assert made == {"glob": "*a*a*a*a*a*a*b", "names": ["a" * wildcards.LETTERS]}
    assert not [*wildcards.ideas(fields(regex={**pattern, "description": "A regex: a*."}), {})]
