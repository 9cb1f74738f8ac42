"""Find the main colours of a picture."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 1_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    """Read a picture, transparent parts white, at most 64 pixels wide and high."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as picture:
            pixels, mode = picture.width * picture.height, picture.mode
            if pixels <= LARGEST and mode in MODES:
                layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("this is not a PNG or JPEG picture that can be read") from error
    if pixels > LARGEST or mode not in MODES:
        raise ValueError("only pictures of 8 bits a channel and up to 1 million pixels are taken")
    flat = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    flat.thumbnail((64, 64), Image.Resampling.NEAREST)
    return flat


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel and at most 1 million pixels."
        ),
        colours: int = Input(
            description="How many colours at most; a picture of few colours gives fewer.",
            default=4,
            ge=1,
            le=16,
        ),
        step: int = Input(
            description="Colours are rounded down to multiples of this before they are counted.",
            default=32,
            choices=[1, 8, 32, 64],
        ),
    ) -> list[str]:
        """Return rounded colours like #c0a020, the commonest first, the darker of equals first.

        They are counted at 64 x 64 pixels or less, so that thin lines may be missed.
        """
        pixels = np.asarray(load(image)).reshape(-1, 3) // step * step
        found, counts = np.unique(pixels, axis=0, return_counts=True)
        order = sorted(range(len(found)), key=lambda at: (-counts[at], int(found[at].sum()), at))
        return ["#" + bytes(found[at].tolist()).hex() for at in order[:colours]]
