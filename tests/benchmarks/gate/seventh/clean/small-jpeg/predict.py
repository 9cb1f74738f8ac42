"""Makes a light JPEG of any usual picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.mode not in MODES or picture.width * picture.height > MAX_PIXELS:
                raise ValueError("only pictures of 8 bits a channel and up to 16 megapixels")
            upright = ImageOps.exif_transpose(picture)
            if upright.mode == "PA":
                upright = upright.convert("LA")
            upright = upright.convert("RGB" if upright.mode == "YCbCr" else "RGBA").convert("RGBA")
            paper = Image.new("RGBA", upright.size, "white")
            return Image.alpha_composite(paper, upright).convert("RGB")
    except Exception as error:
        raise ValueError("the picture must have 8 bits a channel, 16 megapixels at most") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits a channel, up to 16 megapixels, turned as its EXIF data "
            "says; of animations the first picture counts, and transparency becomes white"
        ),
        longest: int = Input(
            description="Longest side of the result; smaller pictures keep their size",
            default=512,
            ge=16,
            le=2048,
        ),
        quality: int = Input(
            description="JPEG quality; colours change a little even at 95",
            default=75,
            ge=1,
            le=95,
        ),
    ) -> Path:
        """Give a JPEG without colour profile and other data about the picture."""
        picture = load(image)
        factor = min(1.0, longest / max(picture.size))
        if factor < 1:
            size = tuple(max(1, round(side * factor)) for side in picture.size)
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            picture.save(file, "JPEG", quality=quality)
        return Path(file.name)
