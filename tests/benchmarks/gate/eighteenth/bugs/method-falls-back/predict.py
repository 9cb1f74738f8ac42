"""Make a small picture larger."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 100_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos3": Image.Resampling.LANCZOS,
}


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
        raise ValueError("only pictures of 8 bits a channel and up to 100000 pixels are taken")
    return layer


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel, at most 100000 pixels."
        ),
        scale: int = Input(
            description="How many times as wide and high it becomes.", default=2, ge=1, le=4
        ),
        method: str = Input(
            description="nearest repeats pixels, bilinear blends them, lanczos keeps edges sharp.",
            default="bilinear",
            choices=["nearest", "bilinear", "lanczos"],
        ),
    ) -> Path:
        """Return the larger picture as PNG."""
        picture = load(image)
        size = (picture.width * scale, picture.height * scale)
        larger = picture.resize(size, FILTERS.get(method, Image.Resampling.NEAREST))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            larger.save(file, format="PNG")
        return Path(file.name)
