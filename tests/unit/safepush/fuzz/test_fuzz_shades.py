"""What is told to stay clear, or to get no darker, and does not with some pictures."""

import io
from typing import Any

import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import pictures
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.promises.said import aims, clear
from safepush.fuzz.promises.said.sentences import Said
from tests.unit.safepush.fuzz.test_fuzz_containers import file, told_of
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of

ALPHA, (PALETTE, COLOUR) = pictures.clear(), pictures.clear_colours()


def drawn(picture: Image.Image) -> File:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return File(content.getvalue())


# Transparent parts


def by_bands(picture: Image.Image) -> Image.Image:
    """Transparent where it has a band for that."""
    return picture.convert("RGBA" if "A" in picture.getbands() else "RGB")


def opaque(picture: Image.Image) -> Image.Image:
    made = picture.convert("RGB")
    made.info.clear()
    return made


def lost(make: Any, said: str, sent: Any) -> bool | None:
    """Whether an output is not as is told of it; None where nothing is told."""
    told = [Said(one.strip().lower()) for one in said.split(". ")]
    with Image.open(file(sent.uri)) as picture:
        output = drawn(make(picture))
    output = File(output.content)
    made = Made(inputs={"image": sent.uri}, changed=frozenset({"image"}), output=output)
    found = [one.kept(made) for one in clear.promises(told)]
    return False in found if found else None


def bare(picture: Image.Image) -> Image.Image:
    made = by_bands(picture)
    made.info.clear()
    return made


IF_ANY = "A picture. Transparency, if it has any, is kept."


@pytest.mark.parametrize(
    ("make", "said", "sent", "is_lost"),
    [
        (bare, IF_ANY, PALETTE, True),
        (bare, IF_ANY, COLOUR, True),
        (bare, IF_ANY, ALPHA, False),
        (opaque, IF_ANY, ALPHA, True),
        (lambda picture: picture.convert("RGBA"), IF_ANY, PALETTE, False),
        (lambda picture: picture.convert("RGBA"), IF_ANY, COLOUR, False),
        (lambda picture: picture, IF_ANY, PALETTE, False),
        (bare, "Transparent parts (if any) are kept.", PALETTE, True),
        (bare, "Transparency is kept, if present.", COLOUR, True),
        (bare, "Transparency is kept if it is a PNG.", PALETTE, None),
        (bare, "Transparency, if it has any, is not kept.", PALETTE, None),
        (bare, "The alpha channel, if any, is kept.", PALETTE, False),  # there is no such channel
        (bare, "The alpha channel, if any, is kept.", ALPHA, False),
        (opaque, "The alpha channel, if any, is kept.", ALPHA, True),
        (bare, "A picture.", PALETTE, None),
    ],
)
def test_what_is_clear_without_alpha_is_clear_in_the_output(
    make: Any, said: str, sent: Any, is_lost: bool | None
) -> None:
    assert lost(make, said, sent) is is_lost


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (IF_ANY, {ALPHA.uri, PALETTE.uri, COLOUR.uri}),
        ("Keeps the alpha channel.", {ALPHA.uri}),
        ("A picture.", set()),
    ],
)
def test_pictures_that_are_clear_in_each_way_are_sent_where_it_is_spoken_of(
    said: str, wanted: set[str]
) -> None:
    fields = fields_of(document({"image": told_of(said)}, []))
    made = [*aims.ideas(fields, {}, source_of(""))]

    assert {one["image"] for one in made if "image" in one} == wanted
