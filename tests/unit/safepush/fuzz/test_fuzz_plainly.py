"""One plain thing that a sentence says of an input, asked of a model in a few predictions."""

import io
import re
import wave
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from safepush.compare import File, Tolerance
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.relations import again, plainly
from safepush.fuzz.relations.arrivals import Arrivals
from safepush.fuzz.relations.hues import Hues
from safepush.fuzz.relations.loudness import Loudness
from safepush.fuzz.relations.masks import Masks
from safepush.fuzz.relations.offsets import Offsets
from safepush.fuzz.relations.orthogonal import Orthogonal
from safepush.fuzz.relations.unread import Unread
from safepush.fuzz.relations.windows import Windows
from safepush.fuzz.runs import Runs
from safepush.fuzz.sent import file_of
from tests.unit.safepush.fuzz.test_fuzz_axes import png
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST
from tests.unit.safepush.fuzz.test_fuzz_watched import TEXT, source_of

SWITCH = {"type": "boolean", "default": False}
TIMES: dict[str, Any] = {"parallel": 1, "longest_s": 60}
COUNT = {"type": "integer", "minimum": 2, "maximum": 50, "default": 5}
NUMBER = {"type": "number", "minimum": 0, "maximum": 100}


def causes(kind: Any, model: Any, properties: dict[str, Any], says: str = "") -> list[str]:
    """What one relation finds in a model, whose files are sent as usual."""
    shapes = {"Input": {"properties": properties}, "Output": {}}
    known = fields_of({"components": {"schemas": shapes}})
    runs = Runs(Bench(model).predict, lambda one: one.output, **TIMES)
    kinds = {one.name: media.kinds_of(one)[0] for one in known if one.is_file}
    sent = {name: media.usual(of).uri for name, of in kinds.items()}
    first = runs.first(Probe(inputs=sent, layer="usual"))
    assert first.succeeded
    head = source_of(f'def predict():\n    """{says}"""\n')
    return [one.cause for one in kind(known, first, runs, head).suspicions()]


def text(default: Any, description: str = "Some text.") -> dict[str, Any]:
    return {**TEXT, "default": default, "description": description}


def shown(uri: str) -> Image.Image:
    file = file_of(uri)
    assert file is not None
    return Image.open(io.BytesIO(file.content)).convert("RGB")


# From one end to the other


@pytest.mark.parametrize(
    ("steps", "said", "found"),
    [
        (lambda count: count, "The last number.", True),
        (lambda count: count - 1, "The last number.", False),
        (lambda count: count, "Where to stop before the last number.", False),
        (lambda count: count, "Some number.", False),
    ],
)
def test_numbers_that_do_not_come_to_their_end_are_found(
    steps: Any, said: str, found: bool
) -> None:
    def model(low: float = 0, high: float = 10, count: int = 5) -> list[float]:
        return [low + (high - low) * at / steps(count) for at in range(count)]

    inputs = {
        "low": {**NUMBER, "default": 0},
        "high": {**NUMBER, "default": 10, "description": said},
        "count": COUNT,
    }

    assert causes(Arrivals, model, inputs) == ["the last one is not at 'high', as is told"] * found


def test_steps_of_one_size_may_miss_the_end() -> None:
    def model(start: int = 0, stop: int = 10, by: int = 3) -> list[int]:
        return [*range(start, stop + 1, by)] if start <= stop else [*range(start, stop - 1, -by)]

    inputs = {
        "start": {**COUNT, "minimum": 0, "default": 0},
        "stop": {**COUNT, "minimum": 0, "default": 10, "description": "The last, inclusive."},
        "by": {**COUNT, "default": 3},
    }

    assert causes(Arrivals, model, inputs) == []


@pytest.mark.parametrize(("short", "found"), [(0, True), (1, False)])
def test_a_fade_that_never_arrives_is_found(short: int, found: bool) -> None:
    tones = {"black": 0, "white": 255, "grey": 90}

    def model(start: str = "black", end: str = "white", frames: int = 5) -> list[File]:
        shares = [at / (frames - short) for at in range(frames)]
        made = [round(tones[start] + (tones[end] - tones[start]) * one) for one in shares]
        return [png(Image.new("RGB", (8, 8), (one, one, one))) for one in made]

    colour = {"type": "string", "enum": [*tones], "description": "Colour of the last frame."}
    inputs = {
        "start": {**colour, "default": "black"},
        "end": {**colour, "default": "white"},
        "frames": COUNT,
    }

    assert bool(causes(Arrivals, model, inputs)) is found


# Colours


@pytest.mark.parametrize(
    ("way", "said", "found"),
    [
        (-1, "A colour as #rrggbb.", True),
        (1, "A colour as #rrggbb.", False),
        (-1, "A colour as #rrggbb, which is removed.", False),
    ],
)
def test_a_colour_whose_letters_are_read_backwards_is_found(
    way: int, said: str, found: bool
) -> None:
    def model(colour: str = "#70a070") -> File:
        match = re.fullmatch("#(..)(..)(..)", colour)
        if match is None:
            raise ValueError("colour: not as #rrggbb")
        red, green, blue = [int(one, 16) for one in match.groups()][::way]
        return png(Image.new("RGB", (8, 8), (red, green, blue)))

    told = "red and blue of 'colour' are exchanged in the output"
    assert causes(Hues, model, {"colour": text("#70a070", said)}) == [told] * found


@pytest.mark.parametrize(("way", "found"), [(-1, True), (1, False)])
@pytest.mark.parametrize("say", ["#%02x%02x%02x", "rgb(%d, %d, %d)", None])
def test_a_colour_that_is_told_of_a_picture_is_its_own(
    way: int, found: bool, say: str | None
) -> None:
    def model(image: str) -> Any:
        pixels = np.asarray(shown(image)).reshape(-1, 3).mean(axis=0)
        red, green, blue = [int(one) for one in pixels][::way]
        told = {"red": red, "green": green, "blue": blue}
        return told if say is None else say % (red, green, blue)

    inputs = {"image": {**FILE, "description": "A picture."}}

    assert bool(causes(Hues, model, inputs)) is found


# What is too loud, or too bright


def wav(samples: Any) -> File:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples.astype(np.int64).astype("<i2").tobytes())
    return File(content.getvalue())


@pytest.mark.parametrize(
    ("shape", "said", "found"),
    [
        (lambda one: one, "How loud.", True),
        (lambda one: one.clip(-1, 1), "How loud.", False),
        (np.tanh, "How loud.", False),
        (lambda one: one, "How loud; beyond full scale it wraps round.", False),
    ],
)
def test_a_loud_tone_that_wraps_round_is_found(shape: Any, said: str, found: bool) -> None:
    def model(volume: float = 0.4) -> File:
        return wav(shape(volume * np.sin(np.arange(800) * 0.2)) * 32767)

    inputs = {"volume": {**NUMBER, "maximum": 1.6, "default": 0.4, "description": said}}

    assert bool(causes(Loudness, model, inputs)) is found


@pytest.mark.parametrize(("kept", "found"), [(False, True), (True, False)])
def test_two_channels_that_are_more_than_there_is_room_for_are_found(
    kept: bool, found: bool
) -> None:
    def model(sound: str) -> File:
        file = file_of(sound)
        assert file is not None
        with wave.open(io.BytesIO(file.content)) as read:
            frames = np.frombuffer(read.readframes(read.getnframes()), "<i2")
            both = frames.reshape(-1, read.getnchannels()).astype(np.int64)
        return wav(both.mean(axis=1) if kept else both.sum(axis=1))

    inputs = {"sound": {**FILE, "description": "A WAV sound."}}

    assert bool(causes(Loudness, model, inputs)) is found


@pytest.mark.parametrize(("most", "found"), [(None, True), (255, False)])
def test_light_that_turns_dark_when_it_is_brighter_is_found(most: int | None, found: bool) -> None:
    def model(image: str, brightness: float = 1) -> File:
        lit = np.asarray(shown(image)).astype(np.float64) * brightness
        return png(Image.fromarray((lit if most is None else lit.clip(0, most)).astype(np.uint8)))

    bright = {**NUMBER, "maximum": 1.5, "default": 1}
    inputs = {"image": {**FILE, "description": "A picture."}, "brightness": bright}

    assert bool(causes(Loudness, model, inputs)) is found


# Masks


@pytest.mark.parametrize(
    ("said", "way", "found"),
    [
        ("What is white is painted, what is black stays as it was.", "black", True),
        ("What is white is painted, what is black stays as it was.", "white", False),
        ("White areas are kept.", "white", True),
        ("White is painted, or kept if it is to be inverted.", "black", False),
        ("Which part is meant.", "black", False),
    ],
)
def test_a_mask_the_wrong_way_is_found(said: str, way: str, found: bool) -> None:
    """`way`: which of the two is painted."""

    def model(image: str, mask: str) -> File:
        whole = shown(image)
        marked = shown(mask).convert("L").resize(whole.size)
        marked = ImageOps.invert(marked) if way == "black" else marked
        return png(Image.composite(Image.new("RGB", whole.size, "lime"), whole, marked))

    inputs = {
        "image": {**FILE, "description": "A picture."},
        "mask": {**FILE, "description": f"A mask. {said}"},
    }

    assert bool(causes(Masks, model, inputs)) is found


# Times


@pytest.mark.parametrize(
    ("heeded", "says", "found"),
    [
        (False, "The same moment in UTC.", True),
        (True, "The same moment in UTC.", False),
        (False, "The weekday; the offset is ignored, and UTC is the name of it.", False),
        (False, "What the clock shows. A time without an offset is in UTC.", False),
    ],
)
def test_an_offset_that_is_thrown_away_is_found(heeded: bool, says: str, found: bool) -> None:
    def model(moment: str = "2024-03-01T12:00:00") -> str:
        told = datetime.fromisoformat(moment)
        told = told.astimezone(UTC) if heeded and told.tzinfo else told.replace(tzinfo=UTC)
        return told.strftime("%A, %H:%M")

    said = ["'moment' is read by its clock, without its offset"]
    inputs = {"moment": text("2024-03-01T12:00:00")}

    assert causes(Offsets, model, inputs, says) == said * found


# What cannot be read


@pytest.mark.parametrize(
    ("said", "strict", "found"),
    [
        ("One number on each line. A line that is not a number is refused.", False, True),
        ("One number on each line. A line that is not a number is refused.", True, False),
        ("Numbers, one on each line; anything else is rejected.", False, True),
        ("Numbers. A line that cannot be read raises an error.", False, True),
        ("Numbers. A line that is not a number is skipped.", False, False),
        ("Numbers. A line that is not above 0 is refused.", False, False),
        ("Numbers. Malformed lines are refused unless they are short.", False, False),
    ],
)
def test_a_line_that_vanishes_though_it_is_to_be_refused_is_found(
    said: str, strict: bool, found: bool
) -> None:
    def model(column: str = "3\n4.5\n6") -> float:
        lines = [one for one in column.split("\n") if strict or re.fullmatch(r"[\d.]+", one)]
        return sum(float(one) for one in lines)

    assert bool(causes(Unread, model, {"column": text("3\n4.5\n6", said)})) is found


# Switches of their own


@pytest.mark.parametrize(
    ("lost", "said", "found"),
    [
        (True, "Whether it stands alone.", True),
        (False, "Whether it stands alone.", False),
        (True, "Whether it stands alone; only if capitals are ignored.", False),
    ],
)
def test_a_switch_that_is_forgotten_in_a_branch_is_found(
    lost: bool, said: str, found: bool
) -> None:
    def model(
        text: str = "tea and steam",
        find: str = "tea",
        ignore_case: bool = True,
        whole_words: bool = False,
    ) -> int:
        alone = whole_words and (ignore_case or not lost)
        word = rf"\b{find}\b" if alone else find
        return len(re.findall(word, text, re.IGNORECASE if ignore_case else 0))

    inputs = {
        "text": text("tea and steam"),
        "find": text("tea"),
        "ignore_case": {**SWITCH, "default": True},
        "whole_words": {**SWITCH, "description": said},
    }

    told = ["'whole_words' makes no difference with another 'ignore_case'"]
    assert causes(Orthogonal, model, inputs) == told * found


@pytest.mark.parametrize(("lost", "found"), [(True, True), (False, False)])
def test_items_that_are_given_once_only_when_sorted_are_found(lost: bool, found: bool) -> None:
    def model(lines: Any = ("b", "a", "b"), unique: bool = False, sort: bool = True) -> list[str]:
        once = unique and (sort or not lost)
        made = [*dict.fromkeys(lines)] if once else [*lines]
        return sorted(made) if sort else made

    inputs = {
        "lines": {**LIST, "default": ["b", "a", "b"]},
        "unique": SWITCH,
        "sort": {**SWITCH, "default": True},
    }

    assert bool(causes(Orthogonal, model, inputs)) is found


# Long texts


@pytest.mark.parametrize(
    ("most", "said", "found"),
    [
        (64, "Text of up to 4,000 characters.", True),
        (None, "Text of up to 4,000 characters.", False),
        (64, "The first 64 words are looked at.", False),
        (64, "Text of up to 60 words.", False),
        (64, "It never has more words than this.", False),
    ],
)
def test_words_beyond_a_window_that_are_lost_are_found(
    most: int | None, said: str, found: bool
) -> None:
    def model(text: str = "hot drinks cost two coins") -> str:
        return " ".join(text.split()[:most])

    told = ["what comes late in a long 'text' is lost, and nothing tells so"]
    assert causes(Windows, model, {"text": text("hot drinks cost two coins", said)}) == told * found


def test_what_tells_that_there_was_more_is_let_be() -> None:
    def model(text: str = "hot drinks cost two coins") -> dict[str, Any]:
        words = text.split()
        return {"text": " ".join(words[:64]), "truncated": len(words) > 64}

    assert causes(Windows, model, {"text": text("hot drinks cost two coins")}) == []


# All of them


@pytest.mark.parametrize(("cause", "known"), [("names another default", True), ("is", False)])
def test_a_finding_is_found_again_by_its_cause(cause: str, known: bool) -> None:
    said = {**COUNT, "description": "How many (default: 3)."}
    shapes = {"Input": {"properties": {"words": {**said, "default": 5}}}, "Output": TEXT}
    fields = fields_of({"components": {"schemas": shapes}})
    runs = Runs(Bench(lambda words=5: "a " * words).predict, lambda one: one.output, **TIMES)
    first = runs.first(Probe(inputs={}, layer="usual"))
    told = f"the description of 'words' {cause} than its schema has"

    assert again.is_so(told, fields, first, runs, source_of("x = 1"), Tolerance()) is known


def test_a_picture_is_as_it_was_where_nothing_is_asked() -> None:
    inputs = {"image": {**FILE, "description": "A picture."}}

    for kind in plainly.KINDS:
        assert causes(kind, lambda image: png(shown(image).filter(ImageFilter.BLUR)), inputs) == []
