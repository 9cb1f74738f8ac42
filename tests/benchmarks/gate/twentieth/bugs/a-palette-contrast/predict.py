"""Stretches a picture's contrast."""

import os
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def on_white(picture: Image.Image) -> Image.Image:
    """Put the transparent parts of a picture on white."""
    picture = picture.convert("RGBA")
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        if picture.mode in ("L", "P", "RGB") and "transparency" not in picture.info:
            return picture
        return on_white(picture)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture, grey or in colours, 8 bits a channel, at most 1024 pixels a side"
        ),
        cutoff: float = Input(
            description="Per cent of the darkest and of the lightest pixels to disregard",
            ge=0,
            le=20,
            default=1,
        ),
    ) -> Path:
        """Give the picture with its contrast stretched, as PNG; transparent parts turn white."""
        picture = load_picture(image)
        stretched = ImageOps.autocontrast(picture, cutoff=cutoff)
        handle, name = tempfile.mkstemp(suffix=".png")
        os.close(handle)
        stretched.save(name, format="PNG")
        return Path(name)
