"""Enlarges a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 1_000_000
KEPT = {"L", "LA", "RGB", "RGBA"}
TURNED = {"1": "L", "P": "RGBA", "PA": "RGBA", "CMYK": "RGB"}


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("larger than 1 megapixel")
            upright = ImageOps.exif_transpose(picture)
            if "transparency" in upright.info:
                return upright.convert("RGBA")
            if upright.mode in KEPT:
                return upright.convert(upright.mode)
            return upright.convert(TURNED[upright.mode])
    except Exception as error:
        raise ValueError("the picture must have 8 bits a channel, 1 megapixel at most") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture, 1 megapixel at most; also with transparency"),
        scale: int = Input(description="Times as wide and high", default=2, choices=[2, 3, 4]),
        output_format: str = Input(
            description="Kind of file to write", default="png", choices=["png", "jpg"]
        ),
    ) -> Path:
        picture = load(image)
        size = (picture.width * scale, picture.height * scale)
        large = picture.resize(size, Image.Resampling.BICUBIC)
        kind = {"png": "PNG", "jpg": "JPEG"}[output_format]
        with tempfile.NamedTemporaryFile(suffix=f".{output_format}", delete=False) as file:
            large.save(file, kind)
        return Path(file.name)
