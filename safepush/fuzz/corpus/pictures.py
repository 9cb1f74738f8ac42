"""Pictures of the corpus: of odd kinds, and the same one stored in several ways."""

import io
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from PIL import Image

from safepush.fuzz.corpus.medium import GIF, JPEG, PNG, TIFF, Medium

#: a picture in grey of more than 8 bits
DEEP = "16-bit grey PNG"
#: pictures that are not square, and where the only thing in them is: left, top, right, bottom
WIDE, HIGH = "wide PNG, bright on the right", "high PNG, dark at the foot"
PLACES = {WIDE: (80, 8, 110, 24), HIGH: (20, 78, 36, 108)}


def scene(width: int, height: int) -> Image.Image:
    """A picture with something in it, the same each time."""
    rows, columns = np.mgrid[0:height, 0:width]
    red = columns * 255 // max(width - 1, 1)
    green = rows * 255 // max(height - 1, 1)
    blue = ((rows // 8 + columns // 8) % 2) * 200
    return Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8))


def image(name: str, picture: Image.Image, mime: str = PNG, **options: object) -> Medium:
    """A picture as a file."""
    content = io.BytesIO()
    picture.save(content, mime.partition("/")[2].replace("jpg", "jpeg"), **options)
    return Medium(name, "image", mime, content.getvalue())


@lru_cache(1)
def stored() -> tuple[tuple[Medium, Medium], ...]:
    """Pictures in RGB, each with the same one stored in another way."""
    grey = Image.fromarray(np.linspace(0, 255, 48 * 64).reshape(48, 64).astype(np.uint8))
    flat = grey.convert("RGB").quantize(16).convert("RGB")
    clear = flat.copy()
    clear.putalpha(255)
    red, green, blue = flat.split()
    few = Image.merge("RGB", [red, green.rotate(180), blue])
    few = few.quantize(200, dither=Image.Dither.NONE)
    told = {"picture with a palette": few, "picture in grey": grey, "picture with alpha": clear}
    return tuple(
        (image(f"{name}, in RGB", one.convert("RGB")), image(name, one))
        for name, one in told.items()
    )


def _exif(orientation: int) -> Medium:
    facts = Image.Exif()
    facts[274] = orientation
    return image(f"JPEG with EXIF orientation {orientation}", scene(64, 48), JPEG, exif=facts)


def _animation(name: str, frames: list[Image.Image], **options: object) -> Medium:
    first, *rest = frames
    return image(name, first, GIF, save_all=True, append_images=rest, loop=0, **options)


@lru_cache(1)
def animated() -> Medium:
    """An animation of four frames, shown for a time that nobody takes by itself."""
    return _animation("animated GIF", _turns(), duration=90)


@lru_cache(1)
def uneven() -> Medium:
    """The same whose frames are not all shown as long."""
    return _animation("animated GIF of uneven times", _turns(), duration=[40, 230, 120, 70])


def _turns() -> list[Image.Image]:
    return [scene(64, 48).rotate(turn) for turn in (0, 90, 180, 270)]


def paged() -> Medium:
    """A document of three pages of one size."""
    first, *rest = (scene(64, 48).rotate(turn) for turn in (0, 90, 180))
    return image("TIFF of three pages", first, TIFF, save_all=True, append_images=rest)


def placed() -> tuple[Medium, Medium]:
    """(a wide picture, a high one) with one thing in it, which is far from the centre."""
    wide, high = Image.new("RGB", (120, 40)), Image.new("RGB", (40, 120), "white")
    shades = np.tile(np.linspace(200, 255, 30), (16, 1)).astype(np.uint8)
    wide.paste(Image.fromarray(shades).convert("RGB"), PLACES[WIDE][:2])
    high.paste(Image.fromarray(255 - shades.T).convert("RGB"), PLACES[HIGH][:2])
    return image(WIDE, wide), image(HIGH, high)


def cornered() -> tuple[Medium, Medium]:
    """(a dark picture, a light one) with one thing in it, which touches two edges."""
    dark, light = Image.new("RGB", (100, 60)), Image.new("RGB", (60, 100), "white")
    dark.paste((250, 240, 230), (76, 40, 100, 60))
    light.paste((20, 10, 30), (36, 80, 60, 100))
    return image("PNG, bright in a corner", dark), image("PNG, dark in a corner", light)


@lru_cache(1)
def same() -> tuple[tuple[Medium, tuple[Medium, ...]], ...]:
    """Pictures, each with the same one in other kinds of file, of other depths."""
    grey, usual = scene(64, 48).convert("L"), scene(96, 64)
    shades = np.asarray(grey).astype(np.uint16)
    # the lower half of each says nothing of it
    deep = Image.fromarray(shades * 256 + shades * 37 % 256)
    stored = [image("BMP", usual, "image/bmp"), image("TIFF", usual, TIFF)]
    return (
        (image("grey PNG", grey), (image(DEEP, deep),)),
        (image("picture", usual), tuple(stored)),
    )


@lru_cache(1)
def clear() -> Medium:
    """A picture that gets transparent to one side."""
    return image("PNG with alpha", _faded(scene(64, 48)))


@lru_cache(1)
def clear_colours() -> tuple[Medium, Medium]:
    """Pictures without alpha of which a part is transparent: by a palette, by a colour."""
    few = scene(64, 48).quantize(255)
    few.paste(0, (0, 0, 32, 24))
    one = scene(64, 48)
    one.paste((255, 0, 255), (0, 0, 32, 24))
    return (
        image("palette PNG with a clear colour", few, transparency=0),
        image("PNG with a clear colour", one, transparency=(255, 0, 255)),
    )


def _faded(picture: Image.Image) -> Image.Image:
    shades = Image.linear_gradient("L").point(lambda shade: shade if shade > 63 else 0)
    faded = picture.copy()
    faded.putalpha(shades.resize(picture.size))
    return faded


def images() -> Iterator[Medium]:
    """The most telling first."""
    usual, (wide, high), (bright, dark) = scene(64, 48), placed(), cornered()
    ((grey, (deep,)), (_, (bitmap, tiff))) = same()
    alpha = _faded(usual)
    yield grey
    yield clear()
    yield image("PNG of one pixel", scene(1, 1))
    yield image("palette PNG", usual.convert("P", palette=Image.Palette.ADAPTIVE))
    turned = [usual.rotate(turn) for turn in (0, 90, 180)]
    yield _animation("animated GIF of three frames", turned, duration=100)
    yield _exif(8)
    yield deep
    yield image("CMYK JPEG", usual.convert("CMYK"), JPEG)
    yield clear_colours()[0]
    yield wide
    yield image("very wide PNG", scene(1000, 1))
    yield image("very high PNG", scene(1, 1000))
    yield image("grey PNG with alpha", alpha.convert("LA"))
    yield high
    yield bright
    yield image("black and white PNG", usual.convert("1"))
    yield image("PNG with one colour, black", Image.new("RGB", (32, 32)))
    yield dark
    yield paged()
    yield from map(_exif, (6, 3, 5, 2, 4, 7))
    yield image("wholly transparent PNG", Image.new("RGBA", (32, 32)))
    yield _animation("animated GIF without a duration", turned, duration=0)
    yield image("large PNG, 4000 x 3000", Image.new("RGB", (4000, 3000), "teal"))
    yield image("JPEG, grey", usual.convert("L"), JPEG)
    yield image("lossless WebP", alpha, "image/webp", lossless=True)
    yield bitmap
    yield image("TIFF of floats", Image.fromarray(np.ones((8, 8), np.float32)), TIFF)
    yield tiff
    yield image("PNG of odd size", scene(63, 47))
    yield image("white PNG", Image.new("RGB", (32, 32), "white"))
