"""Turns pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def opened(path):
    """The picture as a viewer shows it."""
    try:
        with Image.open(path) as image:
            if max(image.size) > 2000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            return ImageOps.exif_transpose(image)
    except Exception as error:
        raise ValueError("image: not a picture of 8 bits and up to 2,000 pixels a side") from error


TURNS = {
    "left": Image.Transpose.ROTATE_90,
    "right": Image.Transpose.ROTATE_270,
    "around": Image.Transpose.ROTATE_180,
}


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 2,000 pixels a side: PNG, JPEG, "
            "GIF or WebP."
        ),
        turn: str = Input(description="Which way.", default="right", choices=list(TURNS)),
        quality: int = Input(description="JPEG quality.", default=90, ge=10, le=95),
    ) -> Path:
        """The turned picture as a JPEG."""
        turned = opened(image).transpose(TURNS[turn])
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            turned.save(file, "JPEG", quality=quality)
        return Path(file.name)
