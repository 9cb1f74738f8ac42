"""Scales pictures by a percentage."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

FILTERS = {"nearest": Image.Resampling.NEAREST, "smooth": Image.Resampling.BILINEAR}


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture of any size, of 8 bits per colour."),
        percent: int = Input(description="Size of the result.", default=50, ge=1, le=200),
        filter: str = Input(
            description="How pixels are mixed.", default="smooth", choices=["nearest", "smooth"]
        ),
    ) -> Path:
        """Return the scaled picture as PNG."""
        try:
            with Image.open(image) as opened:
                if opened.mode[0] in "IF":
                    raise ValueError("deeper than 8 bits")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("The file is not a picture of 8 bits that can be read.") from error
        width = picture.width * percent // 100
        height = picture.height * percent // 100
        scaled = picture.resize((width, height), FILTERS[filter])
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            scaled.save(file, "PNG")
        return Path(file.name)
