"""Turns a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 4096


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits per channel and at most 4096x4096 pixels. Alpha is "
            "dropped."
        ),
        degrees: int = Input(
            description="How far to turn the picture clockwise.", default=90, ge=0, le=360
        ),
        background: str = Input(
            description="What fills the corners.", default="white", choices=["white", "black"]
        ),
    ) -> Path:
        """A PNG, large enough for the whole of the turned picture."""
        picture = read(image)
        turned = picture.rotate(
            degrees,
            resample=Image.Resampling.BICUBIC,
            expand=True,
            fillcolor=background,
        )
        file = Path(tempfile.mkdtemp()) / "turned.png"
        turned.save(file)
        return file


def read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if max(picture.size) > MAX_PIXELS or picture.mode.startswith(("I", "F")):
                raise ValueError("too large")
            picture.load()
            flat = picture.convert("RGB")
    except Exception as error:
        raise ValueError(
            "image cannot be read as a picture of 8 bits per channel and at most 4096x4096 pixels"
        ) from error
    flat.info.clear()
    return flat
