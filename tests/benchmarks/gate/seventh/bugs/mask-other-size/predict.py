"""Paints over the masked part of a picture."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter, ImageOps

MAX_PIXELS = 8_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path, mode: str) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.mode not in MODES or picture.width * picture.height > MAX_PIXELS:
                raise ValueError("only pictures of 8 bits a channel and up to 8 megapixels")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            paper = Image.new("RGBA", upright.size, "black")
            return Image.alpha_composite(paper, upright).convert(mode)
    except Exception as error:
        raise ValueError("pictures must have 8 bits a channel, 8 megapixels at most") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to repair; what is transparent counts as black"),
        mask: Path = Input(
            description="White where to paint; a mask of another size is stretched to the picture"
        ),
        blur: int = Input(description="How soft the new part is", default=6, ge=0, le=50),
    ) -> Path:
        picture = load(image, "RGB")
        hidden = np.asarray(load(mask, "L")) > 127
        pixels = np.asarray(picture).copy()
        soft = np.asarray(picture.filter(ImageFilter.BoxBlur(blur)))
        pixels[hidden] = soft[hidden]
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(pixels).save(file, "PNG")
        return Path(file.name)
