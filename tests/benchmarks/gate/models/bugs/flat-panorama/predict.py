"""Scales a picture to a width."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        width: int = Input(description="Pixels across.", default=64, ge=8, le=256),
    ) -> Path:
        picture = Image.open(image).convert("RGB")
        height = int(picture.height * width / picture.width)
        picture.resize((width, height)).save("/tmp/scaled.png")
        return Path("/tmp/scaled.png")
