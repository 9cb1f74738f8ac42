"""Cut a piece out of a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 1_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    """Read a picture with its transparency."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as picture:
            pixels, mode = picture.width * picture.height, picture.mode
            if pixels <= LARGEST and mode in MODES:
                layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("this is not a PNG or JPEG picture that can be read") from error
    if pixels > LARGEST or mode not in MODES:
        raise ValueError("only pictures of 8 bits a channel and up to 1 million pixels are taken")
    return layer


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel, at most 1 million pixels."
        ),
        width: int = Input(
            description="Width of the piece; at most that of the picture.", default=32, ge=1
        ),
        height: int = Input(
            description="Height of the piece; at most that of the picture.", default=32, ge=1
        ),
        anchor: str = Input(
            description="The side that the piece touches, in its middle, or the centre.",
            default="center",
            choices=["center", "left", "right", "top", "bottom"],
        ),
    ) -> Path:
        """Return the piece as PNG with transparency."""
        picture = load(image)
        if width > picture.width or height > picture.height:
            raise ValueError("the piece is larger than the picture")
        left = (picture.width - width) // 2
        top = (picture.height - height) // 2
        if anchor == "left":
            left = 0
        elif anchor == "right":
            left = picture.width - height
        elif anchor == "top":
            top = 0
        elif anchor == "bottom":
            top = picture.height - height
        piece = picture.crop((left, top, left + width, top + height))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            piece.save(file, format="PNG")
        return Path(file.name)
