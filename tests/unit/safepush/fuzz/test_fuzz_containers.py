"""One picture, or one sound, in several containers: what is made of each is about the same."""

import base64
import io
import wave
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import media
from safepush.fuzz.promises import alikeness
from safepush.fuzz.relations import containers
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, Made
from tests.unit.safepush.fuzz.test_fuzz_relations import causes

DEEP = "'depth' gives something else as 16-bit grey PNG than as grey PNG"


def file(uri: str) -> io.BytesIO:
    return io.BytesIO(base64.b64decode(uri.partition(",")[2]))


def drawn(picture: Image.Image) -> Made:
    content = io.BytesIO()
    picture.save(content, "png", compress_level=1)
    return "out.png", content.getvalue()


def told_of(description: str) -> dict[str, Any]:
    return {**FILE, "description": description}


# Pictures


def clipped(depth: str) -> Made:
    with Image.open(file(depth)) as picture:
        return drawn(picture.convert("L"))


def scaled(depth: str) -> Made:
    with Image.open(file(depth)) as picture:
        if picture.mode.startswith("I"):
            return drawn(Image.fromarray((np.asarray(picture) // 256).astype(np.uint8)))
        return drawn(picture.convert("L"))


def lower(depth: str) -> Made:
    with Image.open(file(depth)) as picture:
        made = picture if picture.mode.startswith("I") else picture.convert("L")
        return drawn(Image.fromarray(np.asarray(made).astype(np.uint8)))


def kept(depth: str) -> Made:
    with Image.open(file(depth)) as picture:
        return drawn(picture if picture.mode.startswith("I") else picture.convert("L"))


@pytest.mark.parametrize(
    ("model", "said", "found"),
    [
        (clipped, "A depth map of 8 or 16 bits.", [DEEP]),
        (clipped, "A depth map, 8- to 16-bit.", [DEEP]),
        (lower, "A depth map of 8 or 16 bits.", [DEEP]),
        (scaled, "A depth map of 8 or 16 bits.", []),
        (kept, "A depth map of 8 or 16 bits.", []),
        (clipped, "A depth map.", []),  # of more than 8 bits nobody says a word
        (clipped, "A depth map of 8 bits.", []),
    ],
)
def test_a_picture_that_is_white_in_more_bits_is_found(
    model: Callable[[str], Made], said: str, found: list[str]
) -> None:
    assert causes(model, {"depth": told_of(said)}, FILE) == found


# Sounds


def read(audio: str) -> tuple[Any, int, int, int]:
    """(the bytes of each sample, channels, bytes, rate) of a WAV file."""
    with wave.open(file(audio)) as sound:
        channels, width, rate, count = sound.getparams()[:4]
        frames = sound.readframes(count)
    frames = frames[: len(frames) - len(frames) % (width * channels)]
    return np.frombuffer(frames, np.uint8).reshape(-1, width), channels, width, rate


def levels(audio: str) -> Any:
    """Samples from -1 to 1, a row for each frame."""
    samples, channels, width, _ = read(audio)
    wide = np.zeros((len(samples), 4), np.uint8)
    wide[:, 4 - width :] = samples
    wide[:, 3] ^= 128 if width == 1 else 0
    return (wide.view("<i4").ravel() / 2**31).reshape(-1, channels)


def two_bytes(audio: str) -> Any:
    """As if all were of 16 bits."""
    samples, channels, width, _ = read(audio)
    frames = samples.tobytes()
    assert width
    whole = np.frombuffer(frames[: len(frames) // 2 * 2], "<i2") / 2**15
    return whole[: len(whole) // channels * channels].reshape(-1, channels)


def crossings(samples: Any, audio: str) -> int:
    """How often a tone goes through nothing in half a second."""
    rate = read(audio)[3]
    signs = np.sign(samples.ravel()[: rate // 2])
    return int((signs[1:] != signs[:-1]).sum())


WIDTHS = "sampwidth"


@pytest.mark.parametrize(
    ("model", "said", "code", "broken"),
    [
        (lambda audio: crossings(levels(audio).mean(axis=1), audio), "WAV.", WIDTHS, None),
        (lambda audio: crossings(two_bytes(audio).mean(axis=1), audio), "WAV.", WIDTHS, "bit WAV"),
        (lambda audio: crossings(two_bytes(audio).mean(axis=1), audio), "WAV.", "", None),
        (
            lambda audio: crossings(two_bytes(audio).mean(axis=1), audio),
            "A WAV of 16 or 24 bits.",
            "",
            "24-bit WAV",
        ),
        (
            lambda audio: crossings(two_bytes(audio).mean(axis=1), audio),
            "A WAV of 16 bits.",
            WIDTHS,
            None,
        ),
        (lambda audio: crossings(levels(audio).ravel(), audio), "WAV.", "", "stereo WAV"),
        (lambda audio: crossings(levels(audio).ravel(), audio), "A mono WAV.", "", None),
        (
            lambda audio: crossings(levels(audio).ravel(), audio),
            "WAV: its left and right side.",
            "",
            None,
        ),
    ],
)
def test_a_sound_that_is_read_as_another_is_found(
    model: Callable[[str], int], said: str, code: str, broken: str | None
) -> None:
    made = causes(model, {"audio": told_of(said)}, {"type": "integer"}, f"WORDS = {code!r}")

    found = [one for one in made if "gives something else as" in one]
    assert found == [] if broken is None else any(broken in one for one in found)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("a wav of 8, 16 or 24 bits", {8, 16, 24}),
        ("8 to 10 bits", {8, 9, 10}),
        ("16-bit png", {16}),
        ("16bit", {16}),
        ("3 pictures of 8 bits", {8}),
        ("a few bits of 8", set()),
    ],
)
def test_bits_are_read_as_they_are_told(said: str, wanted: set[int]) -> None:
    assert containers.bits(said) == wanted


# What is alike


def tone(width: int, channels: int = 1) -> File:
    one = media.same("sound")[0]
    known = {each.name: each for each in (one[0], *one[1])}
    name = "stereo WAV" if channels == 2 else f"{8 * width}-bit WAV"
    return File(known["sound" if (width, channels) == (2, 1) else name].content)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (tone(2), tone(4), False),
        (tone(2), tone(1), False),
        (tone(2), tone(2, 2), False),
        (tone(2), File(media.others("sound")[0].content), True),
        ({"level": 0.5}, {"level": 0.52}, False),
        ({"level": 0.5}, {"level": 0.9}, True),
        ({"channels": 1, "width": 2}, {"channels": 2, "width": 4}, False),
        ({"raw": 120, "most": 120}, {"raw": 1, "most": 30720}, False),
        ([0.5, 0.5], [0.5], True),
        ("a bird", "a car", True),
        ("1 bird", "2 cars", False),  # figures may be of how it is stored
        (True, False, True),
        (None, None, False),
    ],
)
def test_what_is_stored_otherwise_may_differ_a_little(one: Any, other: Any, differs: bool) -> None:
    assert alikeness.differ(one, other) is differs


def test_channels_that_are_added_up_may_be_louder() -> None:
    assert alikeness.differ({"peak_db": -9.0}, {"peak_db": -3.0})
    assert not alikeness.differ({"peak_db": -9.0}, {"peak_db": -3.0}, added=True)
    assert not alikeness.differ({"rms": 0.3}, {"rms": 0.6}, added=True)
    assert alikeness.differ({"seconds": 1.0}, {"seconds": 2.0}, added=True)


# Which channel is which


def trimmed(audio: str, *, by: int) -> Made:
    """Cuts silence off the beginning: by whole frames, or by samples."""
    content = io.BytesIO()
    with wave.open(file(audio)) as sound:
        facts, data = sound.getparams(), sound.readframes(sound.getnframes())
    if facts.sampwidth != 2:
        raise EOFError
    samples = np.frombuffer(data, "<i2")
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 300)
    begin = int(loud[0]) // (by or facts.nchannels) * (by or facts.nchannels) if loud.size else 0
    with wave.open(content, "wb") as made:
        made.setparams(facts._replace(nframes=0))
        made.writeframes(samples[begin:].tobytes())
    return "out.wav", content.getvalue()


@pytest.mark.parametrize(
    ("by", "said", "found"),
    [(1, "A recording.", 1), (0, "A recording.", 0), (1, "Swaps left and right.", 0)],
)
def test_channels_that_change_places_are_found(by: int, said: str, found: int) -> None:
    told = causes(lambda audio: trimmed(audio, by=by), {"audio": told_of(said)}, FILE)

    assert len([one for one in told if "on the other one" in one]) == found
