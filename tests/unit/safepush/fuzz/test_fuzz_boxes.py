"""Boxes and points in outputs: those that no picture has are found, and no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from safepush.fuzz.corpus import media, pictures
from tests.unit.safepush.fuzz.test_fuzz_containers import file, told_of
from tests.unit.safepush.fuzz.test_fuzz_promises import fuzz

OUT = "a box in the output is not inside of the picture that was sent"
POINT = "a point in the output is not inside of the picture that was sent"
ORDER = "the ends of a box in the output are not in order"
AXES = "a box in the output has its axes exchanged"
Told = Callable[..., Any]


def ends(left: float, top: float, right: float, bottom: float, **more: int) -> dict[str, float]:
    return {"left": left, "top": top, "right": right, "bottom": bottom}


def sized(left: float, top: float, right: float, bottom: float, **more: int) -> dict[str, float]:
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def listed(left: float, top: float, right: float, bottom: float, **more: int) -> Any:
    return {"boxes": [[left, top, right, bottom]]}


def swapped(told: Told) -> Told:
    """Columns in parts of the height, rows in parts of the width."""

    def made(
        left: float, top: float, right: float, bottom: float, *, width: int, height: int
    ) -> Any:
        across, down = height / width, width / height
        return told(left * across, top * down, right * across, bottom * down)

    return made


def causes(told: Told, head: str = "", least: int = 160, code: str = "") -> list[str]:
    """What is found in a model that finds what is bright; of the usual picture, a corner."""

    def model(image: str) -> Any:
        with Image.open(file(image)) as picture:
            bright = picture.convert("L").point(lambda shade: 255 if shade >= least else 0)
        found = bright.getbbox()
        if found is None:
            return ends(0, 0, 0, 0)
        return told(*map(float, found), width=bright.width, height=bright.height)

    code = f'"""{head}"""\n\n\ndef predict():\n    {code or "pass"}\n'
    found = fuzz(model, {"image": told_of("A picture.")}, {}, 60, code).found
    return [one.cause for one in found if one.rule == "fuzz-output-parts"]


@pytest.mark.parametrize(
    ("told", "head", "found"),
    [
        (ends, "", []),
        (ends, "Gives the box in pixels.", []),
        (sized, "Gives the box in pixels.", []),
        (listed, "Gives the boxes in pixels.", []),
        (swapped(ends), "Gives the box in pixels.", {OUT, AXES}),
        (swapped(ends), "Gives the box.", {AXES}),  # the usual one is not inside either
        (swapped(ends), "Gives the box in pixels of the smaller picture.", {AXES}),
        (lambda a, b, c, d, **more: ends(b, a, d, c), "", {AXES}),
        (lambda a, b, c, d, **more: ends(c, b, a, d), "", []),  # never meant in order
        (lambda a, b, c, d, width, height: ends(a / width, b / height, 1, 1), "", []),
        (lambda a, b, c, d, width, height: ends(a, b, c * 100 / width, 100), "In percent.", []),
        (lambda a, b, c, d, width, height: {"x": c, "y": d}, "The corner, in pixels.", []),
    ],
)
def test_boxes_that_no_picture_has_are_found(told: Told, head: str, found: set[str]) -> None:
    assert set(causes(told, head)) == set(found)


@pytest.mark.parametrize(
    ("told", "least", "found"),
    [
        # with the usual picture it is inside, with small ones beyond
        (lambda a, b, c, d, **more: ends(a, b, max(c, 90), d), 160, [OUT]),
        (lambda a, b, c, d, **more: sized(a, b, max(c, 90), d), 160, [OUT]),
        (lambda a, b, c, d, **more: listed(a, b, max(c, 90), d), 160, [OUT]),
        (
            lambda a, b, c, d, width, height: ends(a, b, c if width == 96 else a - 1, d),
            160,
            [ORDER],
        ),
        (lambda a, b, c, d, **more: {"x": max(c, 90), "y": d}, 160, [POINT]),
        (lambda a, b, c, d, **more: {"total": max(c, 90), "y": d}, 160, []),
    ],
)
def test_what_is_so_with_the_usual_picture_is_so_with_all(
    told: Told, least: int, found: list[str]
) -> None:
    assert causes(told, "Places are told in pixels of the result.", least) == found


def test_a_box_may_be_otherwise_where_it_was_asked_for() -> None:
    margin = {"type": "integer", "minimum": 0, "maximum": 90, "default": 0}

    def model(image: str, margin: int = 0) -> Any:
        with Image.open(file(image)) as picture:
            width, height = picture.size
        return ends(-margin, -margin, width + margin, height + margin)

    inputs = {"image": told_of("A picture."), "margin": margin}
    assert fuzz(model, inputs, {}, 60).found == ()


def test_a_box_of_which_the_code_makes_parts_of_hundred_is_let_be() -> None:
    told = lambda a, b, c, d, **more: ends(a, b, max(c, 90), d)  # noqa: E731

    assert causes(told, "Gives the box.") == [OUT]
    assert causes(told, "Gives the box.", code="right = 100 * last / width") == []


def test_the_ends_of_a_box_make_nothing_together() -> None:
    def told(
        left: float, top: float, right: float, bottom: float, *, width: int, height: int
    ) -> Any:
        return ends(0, 0, min(36, width), min(64, height))

    assert causes(told) == []


def test_how_much_there_is_on_each_side_is_no_box() -> None:
    def told(
        left: float, top: float, right: float, bottom: float, *, width: int, height: int
    ) -> Any:
        return ends(left, top, 0, 0) if width != 96 else ends(0, 0, 0, 0)

    assert causes(told) == []


@pytest.mark.parametrize("at", [0, 1])
def test_the_only_thing_in_a_picture_is_where_it_is_told(at: int) -> None:
    one = pictures.placed()[at]
    with Image.open(file(one.uri)) as picture:
        grey = np.asarray(picture.convert("L")).astype(int)
    rows, columns = np.nonzero(grey != grey[0, 0])

    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert found == pictures.PLACES[one.name]
    assert media.of(one.uri) in media.corpus("image")
