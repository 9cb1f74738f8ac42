"""Converts pictures from one format to another."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            if image.mode in ("I", "F"):
                raise ValueError("more than 16 bits to a channel")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    if max(picture.size) > 2048:
        raise ValueError("image is larger than 2048 pixels on a side")
    return picture


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture, at most 2048 pixels on a side."),
        format: str = Input(
            description="Format to convert to. JPEG knows no transparency: white is laid under.",
            default="jpeg",
            choices=["jpeg", "png", "webp"],
        ),
        quality: int = Input(
            description="How much detail jpeg and webp keep: 1 is smallest, 100 finest.",
            default=80,
            ge=1,
            le=100,
        ),
    ) -> Path:
        """The picture in the other format."""
        picture = load(image)
        if format == "jpeg":
            ground = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(ground, picture).convert("RGB")
        options = {
            "jpeg": {"quality": quality, "optimize": True},
            "png": {"optimize": True},
            "webp": {"method": 2, "exact": True},
        }
        out = Path(tempfile.gettempdir()) / f"converted.{format}"
        picture.save(out, format.upper(), **options[format])
        return out
