"""What is told to stay clear, or to get no darker, and does not with some pictures."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.promise import Made, kept
from safepush.fuzz.promises.said import aims, clear, shades
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.relations.shades import Shades
from tests.unit.safepush.fuzz.test_fuzz_containers import file, told_of
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of
from tests.unit.safepush.fuzz.test_fuzz_rows import held

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


# Lighter alone, or darker alone

GRAIN = "Grain brightens a pixel by this at most, of 255, and never darkens it."


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        (GRAIN, 1),
        ("It never darkens.", 1),
        ("Brightens only.", 1),
        ("It only lightens the picture.", 1),
        ("No pixel gets darker.", 1),
        ("Nothing is ever made darker.", 1),
        ("Never makes a pixel darker", 1),
        ("Only darkens; black stays black.", -1),
        ("A veil that never brightens anything.", -1),
        ("Brightens a pixel.", 0),
        ("Never darkens the corners.", 0),
        ("Only brightens shadows.", 0),
        ("Never darkens it if it is off.", 0),
        ("Never darker than black.", 0),
        ("Only in the dark.", 0),
        ("Lightens only the faces.", 0),
    ],
)
def test_what_gets_lighter_or_darker_alone_is_told(said: str, sign: int) -> None:
    assert shades.way(Said(said.lower())) == sign


def grained(image: str, strength: int, way: str) -> File:
    with Image.open(file(image)) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    grain = np.random.default_rng(1).integers(0, strength, (*pixels.shape[:2], 1), endpoint=True)
    if way in ("less", "less wraps"):
        pixels = pixels - grain
    elif way == "both":
        pixels = pixels + grain - strength // 2
    else:
        pixels = pixels + grain
    made = pixels % 256 if "wraps" in way else pixels.clip(0, 255)
    return drawn(Image.fromarray(made.astype(np.uint8)))


def jpeg(made: File) -> File:
    content = io.BytesIO()
    with Image.open(io.BytesIO(made.content)) as picture:
        picture.save(content, "JPEG", quality=60)
    return File(content.getvalue())


DARKER = ["with the most of 'strength' pixels get darker, and none is told"]
LIGHTER = ["with the most of 'strength' pixels get lighter, and none is told"]
VEIL = "A veil of this strength, which only darkens."


@pytest.mark.parametrize(
    ("said", "way", "least", "found"),
    [
        (GRAIN, "more wraps", 0, DARKER),
        (GRAIN, "more", 0, []),
        (GRAIN, "both", 0, DARKER),
        ("Grain.", "both", 0, []),
        ("Grain brightens a pixel by this.", "more wraps", 0, []),
        (VEIL, "less wraps", 0, LIGHTER),
        (VEIL, "less", 0, []),
        (GRAIN, "both", 60, []),  # nobody knows what there would be of none
    ],
)
@pytest.mark.parametrize("stored", [lambda made: made, jpeg])
def test_grain_that_goes_the_other_way_is_found(
    said: str, way: str, least: int, found: list[str], stored: Any
) -> None:
    def model(image: str, strength: int = 64) -> File:
        return stored(grained(image, strength, way))

    number = {"type": "integer", "minimum": least, "maximum": 100, "default": 64}
    properties = {"image": told_of("A picture."), "strength": {**number, "description": said}}
    assert held(Shades, model, properties, image=media.usual("image").uri) == found


def darker(said: str, *outputs: tuple[str, File], more: str = "") -> bool | None:
    """Whether an output is not as is told of the whole; None where nothing counts.

    The first one is the usual one.
    """
    properties = {"image": told_of("A picture."), **({more: {"type": "number"}} if more else {})}
    told = [Said(one) for one in said.lower().split("; ")]
    usual, *rest = [
        Made(inputs={"image": sent}, changed=frozenset(), output=output) for sent, output in outputs
    ]
    promises = kept(shades.promises(told, fields_of(document(properties, []))), usual)
    return any(one.kept(made) is False for one in promises for made in (usual, *rest)) or None


@pytest.mark.parametrize(
    ("said", "way", "more", "found"),
    [
        ("Lays grain over it; it never darkens it", "more wraps", "", True),
        ("Lays grain over it; it never darkens it", "more", "", None),
        ("Lays grain over it; it never darkens it", "more wraps", "contrast", None),
        ("Blurs it and lays grain over it; it never darkens it", "more wraps", "", None),
        ("Lays grain over it", "more wraps", "", None),
    ],
)
def test_a_picture_is_no_darker_where_this_is_told_of_the_whole(
    said: str, way: str, more: str, found: bool | None
) -> None:
    usual, white = media.usual("image").uri, shades.full(1).uri
    made = [(sent, grained(sent, 100, way)) for sent in (usual, white)]

    assert darker(said, *made, more=more) is found
    # where the usual one holds to it, it counts whatever else there is
    right = (usual, grained(usual, 0, way)), (white, grained(white, 100, "more wraps"))
    assert (darker(said, *right, more=more) is True) is ("never" in said)


def test_a_full_picture_is_sent_where_it_is_spoken_of() -> None:
    fields = fields_of(document({"image": told_of("A picture. It only darkens.")}, []))

    assert {"image": shades.full(-1).uri} in [*aims.ideas(fields, {}, source_of(""))]
    assert shades.goes_back(1, drawn(Image.new("L", (8, 8))), File(b"none")) is None
