"""Keeps the white part of a stencil and paints the rest."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def grey(path):
    """The stencil as a viewer shows it, on black, in grey."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > 4_000_000 or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("stencil: not a picture of 8 bits and up to 4 megapixels") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "black"), picture).convert("L")


class Predictor(BasePredictor):
    def predict(
        self,
        stencil: Path = Input(
            description="Picture of 8 bits per channel, up to 4 megapixels. Other than masks "
            "elsewhere, its black part is painted and its white part stays white; transparent is "
            "black."
        ),
        paint: str = Input(
            description="Colour of the paint.", default="navy", choices=["navy", "maroon", "green"]
        ),
        edge: int = Input(
            description="Greys below this are black, the others are white.",
            default=128,
            ge=0,
            le=256,
        ),
        invert: bool = Input(
            description="Whether to paint the white part and leave the rest white.", default=False
        ),
    ) -> Path:
        """A PNG of the size of the stencil, of white and of the paint alone."""
        black = grey(stencil).point([255 if level < edge else 0 for level in range(256)])
        if invert:
            black = ImageOps.invert(black)
        white = Image.new("RGB", black.size, "white")
        white.paste(Image.new("RGB", black.size, paint), mask=black)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            white.save(file, "PNG")
        return Path(file.name)
