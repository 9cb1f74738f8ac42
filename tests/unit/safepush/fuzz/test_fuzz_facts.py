"""Facts of files are looked up once, and nothing large is kept for it."""

import base64
import io
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz import facts
from safepush.fuzz.corpus import media
from safepush.fuzz.facts import fact
from safepush.fuzz.promises import axes, hues, outputs, sizes
from safepush.fuzz.promises.alikeness import seen, shown
from safepush.fuzz.promises.promise import Made
from safepush.fuzz.promises.said import clear, clockwise


class Looked:
    """How often a file was looked at, and at which."""

    def __init__(self) -> None:
        self.at: list[bytes] = []

    def __call__(self, content: bytes) -> int:
        self.at.append(content)
        return len(content)


def named(number: int) -> bytes:
    return b"%d" % number


def test_a_file_is_looked_at_once() -> None:
    looked = Looked()
    length = fact(looked)

    for _ in range(9):
        # another object each time, as it comes out of an address
        assert (length(bytes(bytearray(b"one"))), length(b"three")) == (3, 5)

    assert looked.at == [b"one", b"three"]


def test_what_was_asked_for_long_ago_is_looked_at_again() -> None:
    looked = Looked()
    length = fact(looked)

    for number in range(facts.MOST):
        length(named(number))
    length(named(0))
    length(b"one more")
    length(named(0))
    assert len(looked.at) == facts.MOST + 1

    length(named(1))
    assert looked.at[-1] == named(1)


def test_a_file_does_not_stay_for_what_is_known_of_it() -> None:
    length, content = fact(len), bytes(bytearray(b"a large file"))
    before = sys.getrefcount(content)

    length(content)

    assert sys.getrefcount(content) == before


def png(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "png")
    return content.getvalue()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Each picture that is opened, in its order."""
    found: list[bytes] = []
    real = Image.open

    def noted(content: io.BytesIO) -> Image.Image:
        found.append(content.getvalue())
        return real(content)

    monkeypatch.setattr(Image, "open", noted)
    return found


@pytest.mark.parametrize(
    "look",
    [
        lambda content: sizes.turn_of(File(content)),
        lambda content: sizes.size_of(File(content)),
        lambda content: sizes.frames_of(File(content)),
        hues._channels,
        axes._grey,
        clockwise._small,
        clear._clear,
        lambda content: outputs._unreadable(outputs._picture, content),
    ],
)
def test_a_picture_is_unpacked_once(look: Callable[[bytes], object], opened: list[bytes]) -> None:
    content = png(Image.new("RGB", (77, 33)))

    for _ in range(9):
        look(bytes(bytearray(content)))

    assert opened == [content]


def test_what_comes_of_a_picture_of_one_colour_is_not_unpacked_to_see_its_colours(
    opened: list[bytes],
) -> None:
    content = png(Image.new("RGB", (50, 40), "olive"))
    address = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    output = File(png(Image.new("RGB", (50, 40), "navy")))

    assert hues._kept(Made(inputs={"a": address}, changed=frozenset(), output=output)) is None
    assert opened == [content]


def test_what_is_known_of_a_large_picture_is_small() -> None:
    large = File(png(Image.radial_gradient("L").resize((1000, 800)).convert("RGB")))

    assert sizes.turn_of(large) == ((1000, 800), 1)
    assert sizes.frames_of(large) == 1
    found = hues._channels(large.content)
    assert found is not None
    assert [one.shape for one in found] == [(48, 48)] * 3
    assert axes._grey(large.content).shape == (32, 32)
    small = clockwise._small(large.content)
    assert small is not None
    assert max(small.size) == clockwise.SIDE
    assert clear._clear(large.content) == 0
    assert outputs._unseen(large.content) is None


def test_what_is_shown_of_a_picture_is_what_is_seen_of_it() -> None:
    modes = set()
    for one in media.corpus("image"):
        size, pixels = sizes.size_of(File(one.content)), None
        if size is not None and max(size) <= 1000:
            pixels = seen(File(one.content))
        if pixels is not None:
            with Image.open(io.BytesIO(one.content)) as picture:
                modes.add(picture.mode)
                small = np.asarray(shown(picture).convert("RGB"))
            assert np.array_equal(small, pixels.clip(0, 255).astype(np.uint8)), one.name

    assert {"RGB", "L", "P", "I;16", "CMYK", "RGBA"} <= modes


def test_the_part_of_a_picture_that_is_clear_is_told() -> None:
    picture = Image.new("RGBA", (40, 20), "teal")
    picture.paste((0, 0, 0, 0), (0, 0, 10, 20))

    assert clear._clear(png(picture)) == 0.25
    assert clear._clear(png(picture)[:60]) is None
