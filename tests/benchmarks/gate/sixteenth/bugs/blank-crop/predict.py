"""Trims the plain border around a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageChops


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Any picture of 8 bits per channel; alpha is dropped."),
        margin: int = Input(
            description="Pixels of border to leave on each side, where there are as many.",
            default=0,
            ge=0,
            le=50,
        ),
    ) -> Path:
        """The border is what has exactly the colour of the top left pixel. Comes back as PNG."""
        picture = read(image)
        border = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
        left, top, right, bottom = ImageChops.difference(picture, border).getbbox()
        box = (
            max(left - margin, 0),
            max(top - margin, 0),
            min(right + margin, picture.width),
            min(bottom + margin, picture.height),
        )
        file = Path(tempfile.mkdtemp()) / "trimmed.png"
        picture.crop(box).save(file)
        return file


def read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            picture.load()
            if picture.mode.startswith(("I", "F")):
                raise ValueError("more than 8 bits per channel")
            flat = picture.convert("RGB")
    except Exception as error:
        raise ValueError("image cannot be read as a picture of 8 bits per channel") from error
    flat.info.clear()
    return flat
