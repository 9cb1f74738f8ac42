"""Tones a picture like an old print."""

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
    def setup(self) -> None:
        """Load the toning matrix."""
        self.sepia = np.array([[0.39, 0.77, 0.19], [0.35, 0.69, 0.17], [0.27, 0.53, 0.13]])

    def predict(
        self,
        image: Path = Input(
            description="Picture, 8 bits a channel, at most 1024 pixels a side; "
            "transparent parts are put on white"
        ),
        strength: float = Input(
            description="From 0, the picture as it is, to 1, all toned", ge=0, le=1, default=0.8
        ),
        output_format: str = Input(
            description="Format of the output", choices=["webp", "jpg", "png"], default="webp"
        ),
        output_quality: int = Input(
            description="Quality of webp and jpg; png is lossless and has none",
            ge=1,
            le=100,
            default=85,
        ),
    ) -> Path:
        """Tone the picture."""
        pixels = np.asarray(load_picture(image)).astype(np.float32)
        toned = pixels @ self.sepia.T.astype(np.float32)
        mixed = pixels * (1 - strength) + toned * strength
        picture = Image.fromarray(mixed.round().clip(0, 255).astype(np.uint8))
        handle, name = tempfile.mkstemp(suffix=f".{output_format}")
        os.close(handle)
        picture.save(name, format=output_format.upper(), quality=output_quality)
        return Path(name)
