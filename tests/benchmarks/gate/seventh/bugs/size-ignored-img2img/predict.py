"""Draws clouds, from nothing or over a picture."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.mode not in MODES or picture.width * picture.height > MAX_PIXELS:
                raise ValueError("only pictures of 8 bits a channel and up to 16 megapixels")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            paper = Image.new("RGBA", upright.size, "white")
            return Image.alpha_composite(paper, upright).convert("RGB")
    except Exception as error:
        raise ValueError("the picture must have 8 bits a channel, 16 megapixels at most") from error


def clouds(width: int, height: int, seed: int) -> Image.Image:
    rough = np.random.default_rng(seed).integers(120, 256, (6, 6), dtype=np.uint8)
    return Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC).convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path | None = Input(description="Picture to begin with (optional)", default=None),
        width: int = Input(description="Width of the result in pixels", default=96, ge=8, le=512),
        height: int = Input(description="Height of the result in pixels", default=64, ge=8, le=512),
        strength: float = Input(
            description="With a picture: 1 hides it behind clouds", default=0.6, ge=0, le=1
        ),
        seed: int = Input(description="The same seed gives the same clouds", default=3, ge=0),
    ) -> Path:
        if image is not None:
            below = load(image)
            result = Image.blend(below, clouds(below.width, below.height, seed), strength)
        else:
            result = clouds(width, height, seed)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            result.save(file, "PNG")
        return Path(file.name)
