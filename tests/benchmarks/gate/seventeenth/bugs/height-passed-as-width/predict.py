"""Makes thumbnails."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def upright(path):
    """The picture as a viewer shows it, on white."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > 4_000_000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("image: not a picture of 8 bits and up to 4 megapixels") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 4 megapixels; what is "
            "transparent is white."
        ),
        side: int = Input(
            description="The longer side of the thumbnail, in pixels; the other follows from the "
            "shape of the picture. Smaller pictures are enlarged.",
            default=64,
            ge=8,
            le=512,
        ),
    ) -> Path:
        """A PNG that shows the whole picture, undistorted."""
        pixels = np.asarray(upright(image))
        scale = side / max(pixels.shape[:2])
        size = tuple(max(1, round(length * scale)) for length in pixels.shape[:2])
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(pixels).resize(size).save(file, "PNG")
        return Path(file.name)
