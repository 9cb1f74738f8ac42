"""A small image model: measures a picture and gives back its negative, as a file."""

import tempfile
import time

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Output(BaseModel):
    """What was seen, and the picture that was made of it."""

    size: list[int]
    mean: list[int]
    negative: Path


class Predictor(BasePredictor):
    """Knows colours."""

    def predict(
        self,
        image: Path = Input(description="The picture."),
        seconds: float = Input(description="How long to take.", default=0.0, ge=0, le=60),
    ) -> Output:
        """Measure it and invert it."""
        time.sleep(seconds)
        with Image.open(image) as opened:
            picture = opened.convert("RGB")
        mean = list(picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))
        file = Path(tempfile.mkdtemp()) / "negative.png"
        ImageOps.invert(picture).save(file)
        return Output(size=list(picture.size), mean=mean, negative=file)
