"""Give a picture the brown look of an old print."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 1_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}
SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])


def load(path: Path) -> Image.Image:
    """Read a picture; transparent parts become white."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as picture:
            pixels, mode = picture.width * picture.height, picture.mode
            if pixels <= LARGEST and mode in MODES:
                layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("this is not a PNG or JPEG picture that can be read") from error
    if pixels > LARGEST or mode not in MODES:
        raise ValueError("only pictures of 8 bits a channel and up to 1 million pixels are taken")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel, at most 1 million pixels."
        ),
        strength: float = Input(
            description="0 leaves the colours as they are, 1 is all brown.",
            default=0.8,
            ge=0,
            le=1,
        ),
    ) -> Path:
        """Return the toned picture as PNG, of the same size."""
        pixels = np.asarray(load(image), dtype=np.float64)
        toned = pixels @ SEPIA.T
        mixed = pixels * (1 - strength) + toned * strength
        result = Image.fromarray(np.clip(mixed.round(), 0, 255).astype(np.uint8))
        _, name = tempfile.mkstemp(suffix=".png")
        result.save(name)
        return Path(name)
