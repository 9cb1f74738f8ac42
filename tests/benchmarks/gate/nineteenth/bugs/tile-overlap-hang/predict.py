"""Enlarges pictures tile by tile, so that large ones need little memory."""

import tempfile
from collections.abc import Iterator

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 512


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            if image.mode in ("I", "F"):
                raise ValueError("more than 16 bits to a channel")
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    if max(picture.size) > LARGEST:
        raise ValueError(f"image is larger than {LARGEST} pixels on a side")
    return picture


def starts(length: int, tile: int, overlap: int) -> Iterator[int]:
    at = 0
    while at + tile < length:
        yield at
        at += tile - overlap
    yield at


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture, at most 512 pixels on a side."),
        scale: int = Input(description="How many times larger.", default=2, ge=1, le=4),
        tile: int = Input(description="Side of a tile in pixels.", default=64, ge=16, le=512),
        overlap: int = Input(
            description="How many pixels neighbouring tiles share.", default=8, ge=0, le=64
        ),
    ) -> Path:
        """Enlarge a picture."""
        source = load(image)
        result = Image.new("RGB", (source.width * scale, source.height * scale))
        for top in starts(source.height, tile, overlap):
            for left in starts(source.width, tile, overlap):
                right = min(left + tile, source.width)
                bottom = min(top + tile, source.height)
                part = source.crop((left, top, right, bottom))
                size = (part.width * scale, part.height * scale)
                result.paste(
                    part.resize(size, Image.Resampling.BICUBIC), (left * scale, top * scale)
                )
        out = Path(tempfile.gettempdir()) / "enlarged.png"
        result.save(out)
        return out
