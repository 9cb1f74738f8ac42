"""Two pictures: what they are, then frame by frame the worst block and the worst tile."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from safepush.compare.difference import Difference

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
MAX_PIXELS = 20_000_000
#: what all frames of an animation may have; each must be unpacked to come to the next
MAX_DECODED_PIXELS = 320_000_000
#: of an animation, spread evenly over it
MAX_FRAMES = 16
BLOCK, TILE = 8, 16
_STRIP = 256  # rows at a time, so that memory does not grow with the picture; a multiple of TILE
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_ORIENTATION = 0x0112


class Unreadable(Exception):
    """Why a picture is not looked into."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is shown: turned as its EXIF says, colours and alpha apart.

    frames: (colours, alpha) of each; colours H x W x 3, alpha H x W, uint8 (float32 of 16 bits).
    """

    format: str
    size: tuple[int, int]
    mode: str
    orientation: int
    frame_count: int
    duration_ms: int
    frames: list[tuple[Any, Any]]

    @property
    def facts(self) -> dict[str, object]:
        """What must agree before pixels can be compared, and what should."""
        return {
            "format": self.format,
            "size": f"{self.size[0]} x {self.size[1]}",
            "mode": self.mode,
            "EXIF orientation": self.orientation,
            "frames": self.frame_count,
            "duration in ms": self.duration_ms,
        }


def image_differences(expected: bytes, actual: bytes, place: str) -> Iterator[Difference]:
    """Facts first; pixels where the size agrees, whatever else is other."""
    try:
        ours, theirs = read(expected), read(actual)
    except Unreadable as exc:
        yield Difference(place=place, kind="unreadable", detail=str(exc))
        return
    for name, before in ours.facts.items():
        after = theirs.facts[name]
        if before != after:
            detail = f"{name} {after} instead of {before}"
            yield Difference(place=place, kind=f"image-{name.split()[0].lower()}", detail=detail)
    if ours.size != theirs.size:
        return
    for number, (first, second) in enumerate(zip(ours.frames, theirs.frames, strict=False)):
        where = f"{place} frame {number}" if len(ours.frames) > 1 else place
        yield from frame_differences(first, second, where)


def read(content: bytes) -> Picture:
    """The picture in a file.

    Raises:
        Unreadable: it is none, is damaged, or would unpack to more than we look at.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return _picture(image)
    except Unreadable:
        raise
    except Image.DecompressionBombError as exc:
        raise Unreadable(f"has over {MAX_PIXELS:,} pixels; it was not unpacked") from exc
    except Exception as exc:  # a decoder raises whatever comes to its mind
        raise Unreadable(f"is no picture that can be read ({type(exc).__name__})") from exc


def _picture(image: Image.Image) -> Picture:
    pixels = image.width * image.height
    count = getattr(image, "n_frames", 1)
    if pixels > MAX_PIXELS:
        raise Unreadable(f"has over {MAX_PIXELS:,} pixels; it was not unpacked")
    if pixels * count > MAX_DECODED_PIXELS:
        raise Unreadable(f"has {count:,} frames, together over {MAX_DECODED_PIXELS:,} pixels")
    mode, orientation = image.mode, image.getexif().get(_ORIENTATION, 1)
    shown = _shown(count, min(MAX_FRAMES, MAX_PIXELS // pixels))
    duration_ms, frames = 0, []
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        duration_ms += int(frame.info.get("duration", 0) or 0)
        if number in shown:
            frames.append(_split(ImageOps.exif_transpose(frame)))
    height, width = frames[0][0].shape[:2]
    return Picture(
        image.format or "", (width, height), mode, orientation, count, duration_ms, frames
    )


def _shown(count: int, most: int) -> set[int]:
    """The first frame, the last one, and some between them."""
    return {round(at * (count - 1) / max(most - 1, 1)) for at in range(max(most, 1))}


def _split(frame: Image.Image) -> tuple[Any, Any]:
    """(colours, alpha), both from 0 to 255."""
    if frame.mode.startswith("I") or frame.mode == "F":
        deep = np.asarray(frame, dtype=np.float32) / (257 if frame.mode.startswith("I") else 1)
        return np.repeat(deep[:, :, None], 3, axis=2), np.full(deep.shape, 255, np.uint8)
    if frame.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in frame.info:
        whole = np.asarray(frame.convert("RGBA"))
        return whole[:, :, :3], whole[:, :, 3]
    colours = np.asarray(frame.convert("RGB"))
    return colours, np.full(colours.shape[:2], 255, np.uint8)


def frame_differences(
    first: tuple[Any, Any], second: tuple[Any, Any], place: str
) -> Iterator[Difference]:
    """The worst block and the worst tile of two frames of one size, each (colours, alpha)."""
    apart = _worst_block(first[1][:, :, None], second[1][:, :, None])
    if apart[0] > 0:
        yield _block(apart, f"{place} alpha")
    # what is not seen does not count
    ours, theirs = (_Seen(*one) for one in (first, second))
    apart = _worst_block(ours, theirs)
    if apart[0] == 0:
        return
    yield _block(apart, place)
    amount, (x, y) = _worst_tile(ours, theirs)
    detail = f"SSIM {1 - amount:.3f} in the {TILE} x {TILE} tile at x {x}, y {y}"
    yield Difference(place=place, kind="tile", detail=detail, metric="structure", amount=amount)


class _Seen:
    """Colours weighed by alpha, a strip of rows at a time."""

    def __init__(self, colours: Any, alpha: Any) -> None:
        self._colours, self._alpha = colours, alpha
        self.shape = colours.shape

    def __getitem__(self, rows: slice) -> Any:
        weight = self._alpha[rows].astype(np.float32)[:, :, None] / 255
        return self._colours[rows].astype(np.float32) * weight


def _block(apart: tuple[float, tuple[int, int]], place: str) -> Difference:
    amount, (x, y) = apart
    detail = f"the {BLOCK} x {BLOCK} block at x {x}, y {y} differs by {amount:.1f} of 255"
    return Difference(place=place, kind="block", detail=detail, metric="block", amount=amount)


def _worst_block(first: Any, second: Any) -> tuple[float, tuple[int, int]]:
    """(largest mean difference of a block over its channels, its left upper corner)."""

    def differ(ours: Any, theirs: Any) -> Any:
        return np.abs(ours - theirs).mean(axis=(1, 3)).max(axis=-1)

    return _worst(first, second, BLOCK, differ)


def worst_tile(first: Any, second: Any) -> tuple[int, int]:
    """The left upper corner of the tile where two arrays of colours are least alike."""
    return _worst_tile(first, second)[1]


def _worst_tile(first: Any, second: Any) -> tuple[float, tuple[int, int]]:
    """(1 - SSIM of the tile and channel where it is least, its left upper corner)."""
    return _worst(first, second, TILE, _unlike)


def _unlike(ours: Any, theirs: Any) -> Any:
    mean_a, mean_b = ours.mean(axis=(1, 3)), theirs.mean(axis=(1, 3))
    off_a, off_b = ours - mean_a[:, None, :, None], theirs - mean_b[:, None, :, None]
    var_a, var_b = (off_a**2).mean(axis=(1, 3)), (off_b**2).mean(axis=(1, 3))
    both = (off_a * off_b).mean(axis=(1, 3))
    light = (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1)
    return (1 - light * (2 * both + _C2) / (var_a + var_b + _C2)).max(axis=-1)


def _worst(first: Any, second: Any, size: int, measure: Any) -> tuple[float, tuple[int, int]]:
    """The worst square of a side, and where it is; the last ones are filled up from their edge."""
    worst, corner = 0.0, (0, 0)
    for top in range(0, first.shape[0], _STRIP):
        rows = slice(top, top + _STRIP)
        if np.array_equal(first[rows], second[rows]):
            continue
        found = measure(_squares(first[rows], size), _squares(second[rows], size))
        at = np.unravel_index(int(found.argmax()), found.shape)
        if found[at] > worst:
            worst, corner = float(found[at]), (int(at[1]) * size, top + int(at[0]) * size)
    return worst, corner


def _squares(strip: Any, size: int) -> Any:
    """rows x size x columns x size x channels."""
    height, width, channels = strip.shape
    padding = ((0, -height % size), (0, -width % size), (0, 0))
    whole = np.pad(strip.astype(np.float32), padding, mode="edge")
    return whole.reshape(whole.shape[0] // size, size, whole.shape[1] // size, size, channels)
