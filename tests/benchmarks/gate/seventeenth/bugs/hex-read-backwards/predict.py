"""Lays a colour over a picture."""

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
        colour: str = Input(
            description="Colour to lay over it, as #rrggbb: red, green and blue in hexadecimal.",
            default="#70a070",
            regex="^#[0-9a-fA-F]{6}$",
        ),
        strength: float = Input(
            description="0 leaves the picture as it is, 1 shows the colour alone.",
            default=0.4,
            ge=0,
            le=1,
        ),
    ) -> Path:
        """The tinted picture as a PNG of the same size."""
        pixels = np.asarray(upright(image), dtype=np.float32)
        tint = np.array(list(int(colour.strip()[1:], 16).to_bytes(3, "little")), dtype=np.float32)
        mixed = pixels * (1 - strength) + tint * strength
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(np.rint(mixed).astype(np.uint8)).save(file, "PNG")
        return Path(file.name)
