"""Pictures that are turned, flipped, thinned out or looked at in a copy."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps, ImageSequence

from safepush.compare import File
from safepush.fuzz.corpus import media, pictures, recordings
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs import usual
from safepush.fuzz.promises import measured
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.promises.said import aims, clockwise, lasting
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.enlarged import Enlarged
from tests.unit.safepush.fuzz.test_fuzz_containers import file
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE
from tests.unit.safepush.fuzz.test_fuzz_rows import held

SENT = media.usual("image").uri


def kept(module: Any, properties: dict[str, Any], output: File, **inputs: Any) -> list[Any]:
    fields = fields_of(document({"image": FILE, **properties}, ["image"]))
    promises = module.promises(sentences(fields, source_of("")), fields)
    made = Made(inputs=inputs, changed=frozenset(), output=output)
    return [one.kept(made) for one in promises if one.firm]


def drawn(picture: Image.Image) -> File:
    content = io.BytesIO()
    picture.save(content, "png")
    return File(content.getvalue())


def number(said: str) -> dict[str, Any]:
    return {"type": "integer", "default": 90, "description": said}


@pytest.mark.parametrize(
    ("said", "angle", "turned", "is_kept"),
    [
        ("How far to turn it clockwise.", 90, 90, [False]),
        ("How far to turn it clockwise.", 90, -90, [True]),
        ("How far to turn it clockwise.", 270, 270, [False]),
        ("How far to turn it clockwise.", 180, 180, [None]),
        ("How far to rotate it, counter-clockwise.", 90, -90, [False]),
        ("How far to rotate it, counterclockwise.", 90, 90, [True]),
        ("Turned clockwise by this, counterclockwise if below 0.", 90, 90, []),
        ("How far the camera was turned clockwise.", 90, 90, []),
        ("How far to turn it.", 90, 90, []),
    ],
)
def test_a_picture_is_turned_the_way_that_is_told(
    said: str, angle: int, turned: int, is_kept: list[Any]
) -> None:
    with Image.open(file(SENT)) as picture:
        output = drawn(picture.rotate(turned, expand=True))

    made = kept(clockwise, {"degrees": number(said)}, output, image=SENT, degrees=angle)
    assert made == is_kept


@pytest.mark.parametrize(
    ("choices", "chosen", "way", "is_kept"),
    [
        (["horizontal", "vertical"], "horizontal", ImageOps.flip, [False]),
        (["horizontal", "vertical"], "horizontal", ImageOps.mirror, [True]),
        (["horizontal", "vertical"], "vertical", ImageOps.mirror, [False]),
        (["none", "upside down"], "none", ImageOps.flip, [None]),
        (
            ["clockwise", "counterclockwise"],
            "clockwise",
            lambda one: one.rotate(90, expand=True),
            [False],
        ),
        (["cw", "ccw"], "ccw", lambda one: one.rotate(90, expand=True), [True]),
    ],
)
def test_a_choice_says_which_way(
    choices: list[str], chosen: str, way: Any, is_kept: list[Any]
) -> None:
    properties = {"flip": {"enum": choices, "type": "string", "default": choices[0]}}
    with Image.open(file(SENT)) as picture:
        output = drawn(way(picture))

    assert kept(clockwise, properties, output, image=SENT, flip=chosen) == is_kept


def test_a_quarter_of_a_turn_is_tried_where_a_way_is_told() -> None:
    turns = {"degrees": {**number("Degrees, clockwise."), "default": 0}, "image": FILE}
    fields = fields_of(document(turns, ["image"]))

    assert {"degrees": 90} in [*aims.ideas(fields, {"image": SENT}, source_of(""))]


# Animations

AS_LONG = "It lasts as long as the clip did."


def clip(times: int | list[int], every: int = 1) -> File:
    frames = [Image.new("L", (8, 8), 9 * at) for at in range(4)][::every]
    content = io.BytesIO()
    frames[0].save(content, "gif", save_all=True, append_images=frames[1:], duration=times)
    return File(content.getvalue())


@pytest.mark.parametrize(
    ("said", "output", "is_kept"),
    [
        (AS_LONG, clip(90, 2), [False]),
        (AS_LONG, clip(180, 2), [True]),
        (AS_LONG, clip([40, 230, 20, 70]), [True]),
        ("Its duration is kept.", clip(30), [False]),
        ("It lasts as long as the clip, at most a minute.", clip(30), []),
        ("Each frame is shown for a tenth of a second.", clip(30), []),
    ],
)
def test_an_animation_lasts_as_long_as_is_told(
    said: str, output: File, is_kept: list[bool]
) -> None:
    every = {"every": number(said)}

    assert kept(lasting, every, output, image=pictures.animated().uri) == is_kept


def test_a_model_of_animations_is_sent_one_first_and_one_of_uneven_times() -> None:
    clips = {"clip": {**FILE, "description": "A GIF of at most 9 frames."}}
    stills = {"image": {**FILE, "description": "A picture: PNG, JPEG or GIF."}}
    (field,) = fields = fields_of(document(clips, ["clip"]))
    sent = usual.values_of(field)[0]
    with Image.open(file(sent)) as picture:
        assert len([*ImageSequence.Iterator(picture)]) == 4
    ideas = [*aims.ideas(fields, {"clip": sent}, source_of(""))]

    assert {"clip": pictures.uneven().uri} in ideas
    assert usual.values_of(fields_of(document(stills, ["image"]))[0])[0] == SENT


# A smaller copy

IN_PIXELS = '"""The box around what is bright, in pixels of the picture."""\ndef predict(): pass'


def boxed(image: str, most: int, *, scaled: bool) -> dict[str, int]:
    with Image.open(file(image)) as picture:
        small, width = picture.convert("L"), picture.width
    small.thumbnail((most, most))
    rows, columns = np.nonzero(np.asarray(small) >= 200)
    by = width / small.width if scaled else 1
    ends = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else [0] * 4
    names = ("left", "top", "right", "bottom")
    return {name: int(at * by) for name, at in zip(names, ends, strict=True)}


@pytest.mark.parametrize(
    ("most", "scaled", "code", "count"),
    [
        (128, False, IN_PIXELS, 1),
        (128, True, IN_PIXELS, 0),
        (4096, False, IN_PIXELS, 0),
        (128, False, IN_PIXELS.replace("pixels", "percent"), 0),
        (128, False, IN_PIXELS.replace("the picture", "the thumbnail"), 0),
    ],
)
def test_places_in_a_smaller_copy_are_found(most: int, scaled: bool, code: str, count: int) -> None:
    bright = pictures.cornered()[0].uri

    def model(image: str) -> dict[str, int]:
        return boxed(image, most, scaled=scaled)

    made = held(Enlarged, model, {"image": FILE}, code, image=bright)
    assert len(made) == count


# A length that is rounded


@pytest.mark.parametrize(("digits", "told", "is_kept"), [(0, 0.0, True), (2, 0.0, False)])
def test_a_length_may_be_as_rough_as_it_is_asked_for(
    digits: int, told: float, is_kept: bool
) -> None:
    sent = recordings.sound("sound", seconds=0.5).uri
    fields = fields_of(document({"audio": FILE, "digits": number("Decimals.")}, ["audio"]))
    made = Made(
        inputs={"audio": sent, "digits": digits},
        changed=frozenset({"digits"}),
        output={"seconds": told},
    )
    found = {one.broken: one.kept(made) for one in measured.promises(fields)}

    assert found["the output says another length than the sound that was sent has"] is is_kept


@pytest.mark.parametrize(("said", "count"), [("as given", 0), ("alike", 1)])
def test_capitals_as_given_are_no_word_that_they_make_no_difference(said: str, count: int) -> None:
    from safepush.fuzz.promises.said import twice

    text = f"Ends before this, in capitals or small letters {said}."
    ignored = twice._CAPITALS.search(text.lower()) and not twice._UNLESS.search(text.lower())
    assert bool(ignored) is bool(count)
