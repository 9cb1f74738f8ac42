"""Filters a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter, ImageOps


def read_rgb(path):
    try:
        with Image.open(path, formats=("PNG", "JPEG", "GIF", "BMP", "WEBP")) as picture:
            if picture.width * picture.height > 2_000_000:
                raise ValueError("too large")
            if picture.mode.startswith(("I", "F")):
                raise ValueError("too deep")
            layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of an allowed kind, depth and size") from error
    sheet = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(sheet, layer).convert("RGB")


class Predictor(BasePredictor):
    """Blur, grey or negative."""

    def predict(
        self,
        image: Path = Input(
            description="PNG, JPEG, GIF (first frame), BMP or WebP of up to 2 million pixels, but "
            "no grey of 16 bits; see-through parts become white."
        ),
        mode: str = Input(
            description="What to do.", default="blur", choices=["blur", "grey", "negative"]
        ),
        radius: float = Input(
            description="Pixels of blur; without effect in the other modes.",
            default=2.0,
            ge=0.0,
            le=20.0,
        ),
        levels: int = Input(
            description="Shades of grey; without effect in the other modes. 256 keeps all.",
            default=256,
            ge=2,
            le=256,
        ),
    ) -> Path:
        """A PNG of the same size, upright."""
        picture = read_rgb(image)
        if mode == "blur":
            picture = picture.filter(ImageFilter.GaussianBlur(radius))
        elif mode == "negative":
            picture = ImageOps.invert(picture)
        else:
            steps = levels - 1
            table = [round(round(value * steps / 255) * 255 / steps) for value in range(256)]
            picture = picture.convert("L").point(table)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as out:
            picture.save(out, "PNG")
        return Path(out.name)
