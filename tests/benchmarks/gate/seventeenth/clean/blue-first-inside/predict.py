"""Gives pictures a warm or a cold look."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LOOKS = {"warm": (0.8, 1.0, 1.2), "cold": (1.2, 1.0, 0.8), "none": (1.0, 1.0, 1.0)}


def blue_first(path):
    """The pixels of the picture as a viewer shows it, on white, in the order blue, green, red."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > 4_000_000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("image: not a picture of 8 bits and up to 4 megapixels") from error
    white = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(white, picture).convert("RGB"))[:, :, ::-1]


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 4 megapixels; transparent parts are "
            "laid on white first."
        ),
        look: str = Input(
            description="warm has more red and less blue, cold the other way round; none leaves "
            "the colours as they are.",
            default="warm",
            choices=list(LOOKS),
        ),
    ) -> Path:
        """A PNG of the same size; what would be brighter than 255 is 255."""
        bgr = blue_first(image).astype(np.float32) * np.array(LOOKS[look], dtype=np.float32)
        bytes_bgr = np.clip(np.rint(bgr), 0, 255).astype(np.uint8)
        rgb = np.ascontiguousarray(bytes_bgr[:, :, ::-1])
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(rgb).save(file, "PNG")
        return Path(file.name)
