"""Darkens a photo outside a mask."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def read_picture(path, mode):
    try:
        with Image.open(path) as picture:
            if picture.mode[0] in "IF":
                raise ValueError("deeper than 8 bits")
            return ImageOps.exif_transpose(picture).convert(mode)
    except Exception as error:
        raise ValueError("The file is not a picture of 8 bits that can be read.") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The photo, of 8 bits per colour."),
        mask: Path | None = Input(
            description="White where the photo stays as it is. Without it all of it stays.",
            default=None,
        ),
        invert: bool = Input(description="Keep what is black in the mask instead.", default=False),
        strength: float = Input(description="How dark the rest gets.", default=0.5, ge=0, le=1),
    ) -> Path:
        """Return the photo as PNG."""
        photo = read_picture(image, "RGB")
        area = None
        if mask is not None:
            area = read_picture(mask, "L").resize(photo.size)
        if invert:
            area = ImageOps.invert(area)
        if area is not None:
            dark = photo.point(lambda value: round(value * (1 - strength)))
            photo = Image.composite(photo, dark, area)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            photo.save(file, "PNG")
        return Path(file.name)
