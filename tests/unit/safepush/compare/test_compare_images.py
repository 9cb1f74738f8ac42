"""Two pictures: the changes of the reference table, kinds of files, and hostile ones."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from safepush.compare import EXACT, USUAL, Difference, File, Tolerance, compare

Picture = Image.Image


def scene(seed: int = 0, size: int = 256) -> Picture:
    """Shapes over a gradient, with the grain of a photograph."""
    random = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    sky = np.stack([90 + 120 * across, 120 + 80 * down, 200 - 90 * across * down], axis=2)
    picture = Image.fromarray(sky.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y, wide, high = (
            random.integers(0, size, 2).tolist() + random.integers(20, 90, 2).tolist()
        )
        colour = tuple(random.integers(0, 255, 3).tolist())
        draw.ellipse((x, y, x + wide, y + high), fill=colour)
    grain = random.normal(0, 6, (size, size, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def saved(picture: Picture, format: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def found(first: bytes, second: bytes, tolerance: Tolerance = EXACT) -> list[Difference]:
    return list(compare(File(first), File(second), tolerance))


def kinds(first: bytes, second: bytes, tolerance: Tolerance = EXACT) -> list[str]:
    return [one.kind for one in found(first, second, tolerance)]


def jitter(picture: Picture, spread: float = 2.0) -> Picture:
    noise = np.random.default_rng(9).normal(0, spread, (*reversed(picture.size), 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def black_square(picture: Picture) -> Picture:
    made = picture.copy()
    ImageDraw.Draw(made).rectangle((100, 60, 123, 83), fill=(0, 0, 0))
    return made


def text_over(picture: Picture) -> Picture:
    made = picture.copy()
    ImageDraw.Draw(made).text((20, 20), "sample", fill=(255, 255, 255))
    return made


def scrambled(picture: Picture) -> Picture:
    made = picture.copy()
    for at, x in enumerate((3, 0, 5, 1, 7, 2, 6, 4)):
        made.paste(picture.crop((x * 32, 64, x * 32 + 32, 96)), (at * 32, 64))
    return made


def swapped(picture: Picture) -> Picture:
    red, green, blue = picture.split()
    return Image.merge("RGB", (blue, green, red))


@pytest.mark.parametrize(
    "change",
    [
        black_square,
        text_over,
        scrambled,
        swapped,
        lambda one: one.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda one: one.convert("L").convert("RGB"),
        lambda one: one.filter(ImageFilter.GaussianBlur(2)),
        lambda one: Image.fromarray(np.roll(np.asarray(one), 1, axis=1)),
        lambda one: Image.fromarray(
            np.clip(np.asarray(one, np.int16) + 12, 0, 255).astype(np.uint8)
        ),
        lambda one: scene(1),
    ],
)
def test_what_a_mean_misses_is_found(change: Callable[[Picture], Picture]) -> None:
    assert kinds(saved(scene()), saved(change(scene())), USUAL) != []


def test_the_jitter_of_another_machine_is_nothing() -> None:
    assert kinds(saved(scene()), saved(jitter(scene(), 1.0)), USUAL) == []
    assert kinds(saved(scene()), saved(jitter(scene(), 1.0))) == ["block", "tile"]


def test_the_worst_block_and_tile_are_named() -> None:
    block, tile = found(saved(scene()), saved(black_square(scene())), USUAL)

    assert block.metric == "block"
    assert block.amount > 60
    assert 96 <= int(block.detail.split("x ")[2].split(",")[0]) <= 120
    assert "16 x 16 tile at x " in tile.detail
    assert tile.amount > 0.5


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (257, 513)])
def test_sizes_that_are_no_multiple_of_a_tile(size: tuple[int, int]) -> None:
    grey = Image.new("RGB", size, (90, 90, 90))
    dot = grey.copy()
    dot.putpixel((size[0] - 1, size[1] - 1), (255, 255, 255))

    assert kinds(saved(grey), saved(grey, compress_level=1)) == []
    assert "block" in kinds(saved(grey), saved(dot))
    assert (
        f"x {(size[0] - 1) // 8 * 8}, y {(size[1] - 1) // 8 * 8}"
        in found(saved(grey), saved(dot))[0].detail
    )


def test_how_a_picture_is_packed_does_not_count() -> None:
    picture = scene()

    assert kinds(saved(picture, compress_level=1), saved(picture, compress_level=9)) == []
    assert kinds(saved(picture), saved(picture, "JPEG")) == ["media-type"]


def test_facts_are_told_one_by_one() -> None:
    picture = scene()
    half, grey = picture.resize((128, 128)), picture.convert("L")
    turned = Image.Exif()
    turned[0x0112] = 6

    assert kinds(saved(picture), saved(half)) == ["image-size"]
    assert "128 x 128 instead of 256 x 256" in found(saved(picture), saved(half))[0].detail
    assert kinds(saved(grey), saved(grey.convert("RGB"))) == ["image-mode"]
    assert kinds(saved(grey), saved(grey.convert("P"))) == ["image-mode"]
    assert "image-exif" in kinds(saved(picture), saved(picture, exif=turned))


def test_a_picture_turned_by_its_exif_is_seen_as_it_is_shown() -> None:
    picture = scene()
    turned = Image.Exif()
    turned[0x0112] = 3
    stored = picture.transpose(Image.Transpose.ROTATE_180)

    assert kinds(saved(picture), saved(stored, exif=turned)) == ["image-exif"]


def test_alpha_is_compared_and_what_it_hides_is_not() -> None:
    clear = scene().convert("RGBA")
    clear.putalpha(Image.new("L", clear.size, 0))
    hidden = black_square(scene()).convert("RGBA")
    hidden.putalpha(Image.new("L", clear.size, 0))
    opaque = scene().convert("RGBA")

    assert kinds(saved(clear), saved(hidden)) == []
    assert "output alpha" in [one.place for one in found(saved(opaque), saved(clear))]
    assert kinds(saved(opaque), saved(clear), Tolerance(block=300, structure=3)) == []


def test_animations_frame_by_frame() -> None:
    frames = [Image.new("RGB", (32, 32), (shade, 0, 90)) for shade in range(0, 250, 50)]
    other = [*frames[:3], Image.new("RGB", (32, 32), (0, 250, 0)), frames[4]]

    def gif(pictures: list[Picture], duration: int = 40) -> bytes:
        return saved(
            pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=duration
        )

    assert kinds(gif(frames), gif(frames)) == []
    assert {one.place for one in found(gif(frames), gif(other))} == {"output frame 3"}
    assert kinds(gif(frames), gif(frames, 80)) == ["image-duration"]
    assert "image-frames" in kinds(gif(frames), gif(frames[:-1]))


def test_sixteen_bits_are_compared_as_such() -> None:
    deep = Image.fromarray(np.full((32, 32), 30_000, np.uint16))
    near = Image.fromarray(np.full((32, 32), 30_100, np.uint16))
    far = Image.fromarray(np.full((32, 32), 40_000, np.uint16))

    assert kinds(saved(deep), saved(near)) == ["block", "tile"]
    assert kinds(saved(deep), saved(near), USUAL) == []
    assert "block" in kinds(saved(deep), saved(far), USUAL)


# Hostile files


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG file with any header."""

    def chunk(name: bytes, body: bytes) -> bytes:
        whole = name + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(pixels)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(50_000, 50_000, bytes(1000)), "pixels; it was not unpacked"),
        (png(8_000, 8_000, bytes(1000)), "pixels; it was not unpacked"),
        (png(64, 64, bytes(10)), "no picture that can be read"),
        (png(0, 0, b""), "no picture that can be read"),
        (b"\x89PNG\r\n\x1a\n", "no picture that can be read"),
        (saved(scene())[:2000], "no picture that can be read"),
        (saved(scene())[:40] + bytes(500), "no picture that can be read"),
    ],
)
def test_a_picture_that_cannot_be_looked_into_says_so(content: bytes, reason: str) -> None:
    (told,) = found(saved(scene()), content)

    assert told.kind == "unreadable"
    assert reason in told.detail
    assert kinds(content, content) == []


def test_an_endless_animation_is_not_unpacked() -> None:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    screen = b"GIF89a" + struct.pack("<HHBBB", 4400, 4400, 0x80, 0, 0) + bytes([0, 0, 0, 9, 9, 9])
    long = screen + frame * 20 + b"\x3b"

    (told,) = found(saved(Image.new("P", (30, 30)), "GIF"), long)

    assert told.detail == "has 20 frames, together over 320,000,000 pixels"
