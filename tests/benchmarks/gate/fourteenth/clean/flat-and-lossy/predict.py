"""Makes any picture a JPEG for the web."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


def read_flat(path, ground):
    """The picture upright, with the ground where it is see-through."""
    try:
        with Image.open(path, formats=KINDS) as picture:
            if picture.width * picture.height > 4_000_000:
                raise ValueError("too large")
            if picture.mode.startswith(("I", "F")):
                raise ValueError("too deep")
            layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of an allowed kind, depth and size") from error
    sheet = Image.new("RGBA", layer.size, ground)
    return Image.alpha_composite(sheet, layer).convert("RGB")


class Predictor(BasePredictor):
    """Fits, flattens and compresses."""

    def predict(
        self,
        image: Path = Input(
            description="PNG, JPEG, GIF (its first frame), BMP or WebP of up to 4 million "
            "pixels; other kinds, larger ones and grey of 16 bits are refused."
        ),
        longest_side: int = Input(
            description="Larger pictures are made to fit; smaller ones stay as they are.",
            default=800,
            ge=16,
            le=2000,
        ),
        quality: int = Input(
            description="JPEG quality; colours change a little even at 95.",
            default=80,
            ge=10,
            le=95,
        ),
        ground: str = Input(
            description="What is seen where the picture is see-through.",
            default="white",
            choices=["white", "black", "grey"],
        ),
    ) -> Path:
        """The picture as JPEG, without EXIF and turned as EXIF says."""
        picture = read_flat(image, ground)
        picture.thumbnail((longest_side, longest_side))
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as out:
            picture.save(out, "JPEG", quality=quality)
        return Path(out.name)
