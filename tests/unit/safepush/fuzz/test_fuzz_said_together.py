"""What of the inputs is in an output, and what two predictions have to say together, as is told."""

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.said import remembered
from safepush.fuzz.promises.said.twice import _seams
from tests.unit.safepush.fuzz import test_fuzz_promises as files
from tests.unit.safepush.fuzz.test_fuzz_said import (
    ANY,
    LIST_OF_NUMBERS,
    LIST_OF_TEXTS,
    found,
    listed,
    text,
    whole,
)
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

# What of the inputs is there


@pytest.mark.parametrize(
    ("said", "kept", "broken"),
    [
        ("What to rank; each of them is in the answer.", lambda one: sorted(set(one)), True),
        ("What to rank; each of them is in the answer.", lambda one: sorted(one), False),
        ("All of them come back.", lambda one: sorted(set(one)), True),
        ("Each is in the answer once.", lambda one: sorted(set(one)), False),
        ("What to rank.", lambda one: sorted(set(one)), False),
    ],
)
def test_an_item_that_is_lost_is_found(said: str, kept: Callable[[Any], Any], broken: bool) -> None:
    inputs = {"names": listed(said, ["b", "a"])}

    causes = found(lambda names=("b", "a"): kept(names), inputs, LIST_OF_TEXTS)

    assert causes == ["not all items of 'names' are in the output, as is told"] * broken


@pytest.mark.parametrize(
    ("said", "kind", "broken"),
    [
        ("Ids of posts; only these are in the answer.", float, True),
        ("Ids of posts; only these are in the answer.", int, False),
        ("Ids of posts.", float, False),
    ],
)
def test_what_was_never_given_is_found(said: str, kind: Any, broken: bool) -> None:
    """Large numbers, and two lists that have to be as long as each other."""
    inputs = {
        "ids": listed(said, [5, 6, 7], "integer"),
        "likes": listed("Of each.", [1, 3, 2], "integer"),
    }

    def model(ids: Any = (5, 6, 7), likes: Any = (1, 3, 2)) -> Any:
        if len(ids) != len(likes):
            raise ValueError("ids and likes must be as long as each other")
        return [int(kind(one)) for one in ids]

    told = "the output has something that is not in 'ids', as is told"
    causes = found(model, inputs, {"type": "array", "items": {"type": "integer"}})
    # whatever is told, such digits are wrong in themselves
    assert [one for one in causes if "other digits" not in one] == [told] * broken
    assert any("other digits" in one for one in causes) is (kind is float)


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ("Placeholders in braces are left as they are.", True),
        ("Text in braces is not translated.", True),
        ("Braces are read.", False),
    ],
)
def test_a_known_word_in_a_place_that_is_left_as_it_is_is_found(said: str, broken: bool) -> None:
    inputs = {"text": text(said, "Hello {user}, your order.")}

    causes = found(
        lambda text="Hello {user}, your order.": text.replace("order", "commande"),
        inputs,
        {"type": "string"},
    )

    assert causes == ["what is in braces in 'text' is not left as it is, as is told"] * broken


PARTS = ["the ", "sea ", "was ", "cal", "m. ", "a ship"]


@pytest.mark.parametrize(
    ("said", "joined", "broken"),
    [
        ("The text ends before this is written.", False, True),
        ("The text ends before this is written.", True, False),
        ("Where to stop.", False, True),
        ("A word to avoid.", False, False),
    ],
)
def test_a_text_that_goes_on_over_its_stop_is_found(said: str, joined: bool, broken: bool) -> None:
    def model(stop: str = "") -> list[str]:
        parts = ["".join(PARTS)] if joined else PARTS
        for at, part in enumerate(parts):
            if stop and stop in part:
                return [*parts[:at], part[: part.index(stop)]]
        return parts

    told = "the output goes on after 'stop', where it ends, as is told"
    assert found(model, {"stop": text(said, "")}, LIST_OF_TEXTS) == [told] * broken


def test_seams_are_in_no_part_by_itself() -> None:
    assert _seams(["cal", "m. ", "a"])[0] == "alm."
    assert all(one not in part for one in _seams(PARTS) for part in PARTS)
    assert _seams("a text in one piece") == [" in on"]


@pytest.mark.parametrize("lowered", [True, False])
def test_places_beside_letters_that_are_longer_in_small_letters(lowered: bool) -> None:
    inputs = {
        "text": text("Where it is.", "Berlin is large. BERLIN is old."),
        "name": text("What to look for, in capitals or not.", "Berlin", minLength=1),
    }

    def model(text: str = "Berlin is large. BERLIN is old.", name: str = "Berlin") -> Any:
        one, other = (text.lower(), name.lower()) if lowered else (text, name)
        at = one.find(other)
        end = at + len(other)
        return [] if at < 0 else [{"start": at, "end": end, "text": text[at:end]}]

    causes = found(model, inputs)

    assert ("what begins and ends there in 'text' is not 'name'" in causes) is lowered


def test_what_is_found_with_its_ending_is_what_was_looked_for() -> None:
    inputs = {
        "text": text("Where it is.", "Bears are large. A bear is old."),
        "name": text("What to look for, with its ending.", "Bear", minLength=1),
    }

    def model(text: str = "Bears are large. A bear is old.", name: str = "Bear") -> Any:
        if len(name) > len(text):  # nor is a pattern made of it
            return []
        spans = re.finditer(re.escape(name) + r"\w*", text, re.IGNORECASE)
        return [{"start": one.start(), "end": one.end(), "text": one.group()} for one in spans]

    assert found(model, inputs) == []


# What makes no difference


@pytest.mark.parametrize(
    ("said", "folded", "broken"),
    [
        ("Words to look for. Capitals make no difference.", False, True),
        ("Words to look for. Capitals make no difference.", True, False),
        ("It does not matter whether they are in capitals.", False, True),
        ("Words to look for.", False, False),
        ("Words to look for. If they are long, capitals make no difference.", False, False),
    ],
)
def test_capitals_that_make_a_difference_are_found(said: str, folded: bool, broken: bool) -> None:
    inputs = {"words": listed(said, ["scam", "spam"])}

    def model(words: Any = ("scam", "spam")) -> Any:
        sought = [(one, one.lower() if folded else one) for one in words]
        return [one for one, plain in sought if plain and plain in "this is a scam"]

    told = "capitals in 'words' make a difference, and none is told"
    assert found(model, inputs, LIST_OF_TEXTS) == [told] * broken


@pytest.mark.parametrize(
    ("said", "usual", "read", "broken"),
    [
        ("Accents make no difference.", "the cafe", lambda one: "cafe" in one, True),
        ("Accents make no difference.", "the cafe", lambda one: one, False),
        ("Spaces and dashes do not count.", "9783161484100", lambda one: one, False),
        ("Spaces and dashes do not count.", "9783161484100", len, True),
        ("Empty lines are skipped.", "a\nb", lambda one: len(one.split("\n")), True),
        ("Empty lines are skipped.", "a\nb", lambda one: len(one.split()), False),
        ("Spaces around it are ignored.", "a b", lambda one: one.upper(), False),
        ("Spaces around it are ignored.", "a b", len, True),
    ],
)
def test_what_makes_a_difference_though_it_is_to_make_none_is_found(
    said: str, usual: str, read: Callable[[str], Any], broken: bool
) -> None:
    causes = found(lambda text=usual: {"found": read(text)}, {"text": text(said, usual)})

    assert any("make a difference" in one for one in causes) is broken


@pytest.mark.parametrize(
    ("said", "change", "broken"),
    [
        ("The order does not matter.", lambda names: names[:1], True),
        ("The order does not matter.", sorted, False),
        ("Empty ones are ignored.", len, True),
        ("Empty ones are ignored.", lambda names: len([one for one in names if one]), False),
        ("Duplicates are ignored.", len, True),
        ("Duplicates are ignored.", lambda names: len(set(names)), False),
        ("Names.", len, False),
    ],
)
def test_items_that_make_a_difference_though_they_are_to_make_none_are_found(
    said: str, change: Callable[[Any], Any], broken: bool
) -> None:
    causes = found(
        lambda names=("b", "a"): {"of": change(names)}, {"names": listed(said, ["b", "a"])}
    )

    assert any("make a difference" in one for one in causes) is broken


def test_items_in_another_order_than_is_told_are_found() -> None:
    inputs = {"names": listed("A badge is made for each, in this order.", ["a", "b"])}

    causes = found(lambda names=("a", "b"): sorted(names), inputs, LIST_OF_TEXTS)

    assert causes == ["the output has items of 'names' in another order, and none is told"]


@pytest.mark.parametrize(
    ("said", "head", "broken"),
    [
        ("One number is made for each, in this order.", "", True),
        ("One number is made for each.", "How each compares with the others.", False),
        ("Texts.", "", False),
    ],
)
def test_an_item_that_depends_on_its_neighbours_is_found(
    said: str, head: str, broken: bool
) -> None:
    def model(texts: Any = ("one two", "three")) -> list[float]:
        longest = max([1, *(len(one.split()) for one in texts)])
        return [len(one.split()) / longest for one in texts]

    causes = found(model, {"texts": listed(said, ["one two", "three"])}, LIST_OF_NUMBERS, head=head)

    told = "an item of 'texts' gives something else beside a longer one than alone"
    assert causes == [told] * broken


# Pictures and sounds


def shown(picture: Image.Image) -> files.Made:
    content = io.BytesIO()
    picture.save(content, "PNG", compress_level=1)
    return "out.png", content.getvalue()


def opened(address: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
        picture.load()
        return picture
    except OSError:
        return Image.new("RGB", (1, 1))


IMAGE = {"type": "string", "format": "uri", "description": "A picture."}


@pytest.mark.parametrize(
    ("said", "wraps", "broken"),
    [
        ("Added to each pixel.", True, True),
        ("Added to each pixel.", False, False),
        ("How it is made.", True, False),
    ],
)
def test_pixels_that_go_down_where_something_is_added_are_found(
    said: str, wraps: bool, broken: bool
) -> None:
    def model(image: str = media.usual("image").uri, more: int = 0) -> files.Made:
        pixels = np.asarray(opened(image).convert("RGB")).astype(int) + more
        made = pixels % 256 if wraps else pixels.clip(0, 255)
        return shown(Image.fromarray(made.astype(np.uint8)))

    inputs = {
        "image": {**IMAGE, "default": media.usual("image").uri},
        "more": whole(said, 0, 0, 99),
    }

    told = [one for one in files.told(files.fuzz(model, inputs)) if "goes down" in one]
    assert bool(told) is broken


@pytest.mark.parametrize(
    ("said", "turns", "broken"),
    [
        ("A photograph; it comes out upright.", False, True),
        ("A photograph; it comes out upright.", True, False),
        ("A photograph.", False, False),
    ],
)
def test_a_photograph_that_lies_on_its_side_is_found(said: str, turns: bool, broken: bool) -> None:
    def model(image: str = media.usual("image").uri) -> files.Made:
        picture = opened(image)
        return shown((ImageOps.exif_transpose(picture) if turns else picture).convert("RGB"))

    inputs = {"image": {**IMAGE, "default": media.usual("image").uri, "description": said}}

    told = [one for one in files.told(files.fuzz(model, inputs)) if "upright" in one]
    assert bool(told) is broken


@pytest.mark.parametrize("by_frames", [True, False])
def test_half_of_a_sound_in_stereo_is_found(by_frames: bool) -> None:
    def model(sound: str = media.usual("sound").uri, seconds: float = 1) -> files.Made:
        medium = media.of(sound)
        assert medium is not None
        channels = 2 if medium == media.recorded(2) else 1
        length = 3 if medium in (media.recorded(1), media.recorded(2)) else 0.5
        return files.sound(min(length, seconds / (1 if by_frames else channels)))

    inputs = {
        "sound": {**IMAGE, "default": media.usual("sound").uri, "description": "A sound (WAV)."},
        "seconds": {
            **files.SECONDS,
            "description": "How much to keep; a shorter recording is kept whole.",
        },
    }

    told = "fuzz-output-asked: the output lasts longer or shorter where 'sound' is in stereo"
    assert files.told(files.fuzz(model, inputs)) == [told] * (not by_frames)


# What is remembered on purpose


@pytest.mark.parametrize(
    ("said", "head", "broken"),
    [
        ("A talk that is remembered from call to call; empty: a new one.", "", False),
        ("Who it is.", "The same session goes on where it was.", False),
        ("Who it is.", "", True),
    ],
)
def test_a_talk_that_goes_on_is_no_leak(said: str, head: str, broken: bool) -> None:
    talks: dict[str, int] = {}

    def model(session: str = "") -> Any:
        talks[session] = talks.get(session, 0) + bool(session)
        return {"turn": talks[session] + 1}

    causes = found(model, {"session": text(said, "")}, ANY, head=head)

    assert bool(causes) is broken


def test_what_is_remembered_for_everybody_is_a_leak_all_the_same() -> None:
    schema = {
        "components": {
            "schemas": {
                "Input": {"properties": {"talk": text("A talk that is remembered.", "")}},
                "Output": ANY,
            }
        }
    }
    keys = remembered.keys(fields_of(schema), source_of(""))

    assert [one.name for one in keys] == ["talk"]
    assert remembered.is_kept(keys, {"talk": "a"})
    assert not remembered.is_kept(keys, {})
