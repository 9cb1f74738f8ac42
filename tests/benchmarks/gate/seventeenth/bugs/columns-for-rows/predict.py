"""Measures how bright a picture is from top to bottom."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def grey(path):
    """The picture as a viewer shows it, on white, in grey."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > 4_000_000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("image: not a picture of 8 bits and up to 4 megapixels") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 4 megapixels; what is "
            "transparent is white."
        ),
        scale: str = Input(
            description="Whether white is 1 or 255.", default="unit", choices=["unit", "byte"]
        ),
    ) -> list[float]:
        """The mean brightness of each row of pixels, one number per row, the top one first."""
        pixels = np.asarray(grey(image), dtype=np.float64)
        means = pixels.mean(axis=0)
        if scale == "unit":
            means = means / 255
        return [round(float(mean), 4) for mean in means]
