"""A picture comes out as viewers show the one that was sent, where that is promised."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageOps

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.said import wayup
from safepush.fuzz.promises.said.sentences import sentences
from tests.unit.safepush.fuzz import test_fuzz_promises as files
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_said import ANY, text
from tests.unit.safepush.fuzz.test_fuzz_said_together import IMAGE, opened

UPRIGHT = (
    "fuzz-output-asked: 'image' does not come out upright where its EXIF says how it is turned"
)
PHOTO = "A photo, as it comes from a phone or camera."
SAID = f"{PHOTO} It comes out the same way up as viewers show it."
ORIENTATION = 274

Seen = Image.Image


def jpeg(picture: Seen, orientation: int = 1) -> files.Made:
    content, facts = io.BytesIO(), Image.Exif()
    facts[ORIENTATION] = orientation
    picture.convert("RGB").save(content, "jpeg", exif=facts)
    return "out.jpg", content.getvalue()


def lying(picture: Seen) -> files.Made:
    return jpeg(picture)


def upright(picture: Seen) -> files.Made:
    return jpeg(ImageOps.exif_transpose(picture))


def told_so(picture: Seen) -> files.Made:
    """As it is stored, and so is what says how it has to be turned."""
    return jpeg(picture, picture.getexif().get(ORIENTATION, 1))


def once_for_all(picture: Seen) -> files.Made:
    """As if all lay on one side."""
    turned = picture.getexif().get(ORIENTATION, 1) > 4
    return jpeg(picture.transpose(Image.Transpose.ROTATE_270) if turned else picture)


def framed(picture: Seen) -> files.Made:
    return jpeg(ImageOps.expand(picture.convert("RGB"), 24, "white"))


def framed_upright(picture: Seen) -> files.Made:
    return framed(ImageOps.exif_transpose(picture))


def halved(picture: Seen) -> files.Made:
    return jpeg(picture.convert("RGB").resize((picture.width // 2 + 1, picture.height // 2 + 1)))


def squared(picture: Seen) -> files.Made:
    return jpeg(ImageOps.exif_transpose(picture).convert("RGB").resize((50, 50)))


def measured(picture: Seen) -> Any:
    return {"width": picture.width, "height": picture.height, "format": picture.format}


def measured_upright(picture: Seen) -> Any:
    return {**measured(ImageOps.exif_transpose(picture)), "format": picture.format}


def found(make: Callable[[Seen], Any], said: str, **more: dict[str, Any]) -> int:
    sent = media.usual("image").uri

    def model(image: str = sent, upright: bool = False) -> Any:
        return make(opened(image))

    inputs = {"image": {**IMAGE, "default": sent, "description": said}, **more}
    return files.told(files.fuzz(model, inputs, ANY)).count(UPRIGHT)


@pytest.mark.parametrize(
    ("make", "broken"),
    [
        (lying, 1),
        (framed, 1),
        (halved, 1),
        (once_for_all, 1),
        (measured, 1),
        (upright, 0),
        (told_so, 0),
        (framed_upright, 0),
        (squared, 0),
        (measured_upright, 0),
    ],
)
def test_a_picture_that_viewers_show_another_way_up_is_found(
    make: Callable[[Seen], Any], broken: int
) -> None:
    assert found(make, SAID) == broken


def test_what_nobody_promises_is_no_flaw() -> None:
    assert found(framed, PHOTO) == 0


@pytest.mark.parametrize(("turns", "broken"), [(True, 0), (False, 1)])
def test_a_switch_that_asks_for_it_is_on(turns: bool, broken: int) -> None:
    sent = media.usual("image").uri

    def model(image: str = sent, upright: bool = False) -> Any:
        picture = opened(image)
        return jpeg(ImageOps.exif_transpose(picture) if upright and turns else picture)

    switch = {"type": "boolean", "default": False, "description": "Turn it as its EXIF says."}
    inputs = {"image": {**IMAGE, "default": sent}, "upright": switch}

    assert files.told(files.fuzz(model, inputs)).count(UPRIGHT) == broken


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("The JPEG shows it the same way up as viewers show the original.", True),
        ("It comes out the right way round.", True),
        ("Shown as any phone or viewer shows it.", True),
        ("As it is shown on a screen.", True),
        ("The orientation of the camera is respected.", True),
        ("Applies the orientation that the camera stored.", True),
        ("Photos are rotated as the camera says.", True),
        ("A photo never comes out sideways.", True),
        ("Turned by its EXIF.", True),
        ("A photo as it comes from a phone or camera.", False),
        ("The orientation of the page: portrait or landscape.", False),
        ("How far it is rotated, in degrees.", False),
        ("The orientation is not applied.", False),
        ("Photos are taken as they are stored, whatever their EXIF says.", False),
        ("EXIF is ignored.", False),
        ("It is not turned upright.", False),
    ],
)
def test_it_is_told_in_many_words(said: str, is_told: bool) -> None:
    fields = fields_of(document({"text": text(said)}, []))

    assert wayup.tells(sentences(fields, Source())) is is_told
