"""Cuts the object out of a photo that has a plain background."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as photo:
            if photo.mode not in MODES or photo.width * photo.height > MAX_PIXELS:
                raise ValueError("only photos of 8 bits a channel and up to 16 megapixels")
            layer = photo.convert("RGBA")
            paper = Image.new("RGBA", layer.size, "white")
            return Image.alpha_composite(paper, layer).convert("RGB")
    except Exception as error:
        raise ValueError("the photo cannot be used: 8 bits a channel, 16 megapixels") from error


class Predictor(BasePredictor):
    def predict(
        self,
        photo: Path = Input(description="Photo to cut out, as it is seen in a viewer"),
        tolerance: int = Input(
            description="How far a colour may be from the background's", default=40, ge=0, le=255
        ),
    ) -> Path:
        """Give a PNG that shows the object upright, with a transparent background."""
        pixels = np.asarray(load(photo)).astype(np.int16)
        corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
        background = np.median(corners, axis=0)
        distance = np.abs(pixels - background).max(axis=2)
        alpha = np.where(distance > tolerance, 255, 0)
        cutout = np.dstack([pixels, alpha]).astype(np.uint8)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(cutout).save(file, "PNG")
        return Path(file.name)
