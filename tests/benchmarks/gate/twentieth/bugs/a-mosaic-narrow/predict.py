"""Turns a picture into a mosaic of one-coloured tiles."""

import os
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says, in RGB on white."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        picture = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of any shape, 8 bits a channel, at most 1024 pixels a side"
        ),
        tiles: int = Input(
            description="At least so many tiles across, as far as the picture has the pixels",
            ge=4,
            le=64,
            default=12,
        ),
    ) -> Path:
        """Make the mosaic, of the same size as the picture, as PNG."""
        pixels = np.asarray(load_picture(image)).astype(np.int32)
        height, width = pixels.shape[:2]
        block = width // tiles
        rows = np.arange(0, -(-height // block)) * block
        columns = np.arange(0, -(-width // block)) * block
        heights = np.diff(rows, append=height)
        widths = np.diff(columns, append=width)
        sums = np.add.reduceat(np.add.reduceat(pixels, rows, axis=0), columns, axis=1)
        colours = (sums / np.outer(heights, widths)[..., None]).round().astype(np.uint8)
        mosaic = colours.repeat(heights, axis=0).repeat(widths, axis=1)
        handle, name = tempfile.mkstemp(suffix=".png")
        os.close(handle)
        Image.fromarray(mosaic).save(name, format="PNG")
        return Path(name)
