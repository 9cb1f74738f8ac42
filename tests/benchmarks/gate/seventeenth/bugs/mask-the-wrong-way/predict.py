"""Paints over the part of a picture that a mask marks."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def opened(path, name):
    """The picture as a viewer shows it, on black."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > 4_000_000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError(f"{name}: not a picture of 8 bits and up to 4 megapixels") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "black"), picture).convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 4 megapixels; what is "
            "transparent is black."
        ),
        mask: Path = Input(
            description="What is white here is painted over, what is black stays as it was; greys "
            "mix. It is brought to the size of the picture."
        ),
        paint: str = Input(
            description="Colour to paint with.",
            default="magenta",
            choices=["magenta", "lime", "orange", "grey"],
        ),
    ) -> Path:
        """A PNG of the size of the picture."""
        picture = opened(image, "image")
        marked = opened(mask, "mask").convert("L").resize(picture.size)
        painted = Image.new("RGB", picture.size, paint)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.composite(picture, painted, marked).save(file, "PNG")
        return Path(file.name)
