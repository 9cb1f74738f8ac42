"""A flat picture whose sides are multiples of eight, as a network would make it."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        width: int = Input(
            description="Pixels across; the next multiple of 8 below is taken.",
            default=128,
            ge=64,
            le=512,
        ),
        height: int = Input(
            description="Pixels down; the next multiple of 8 below is taken.",
            default=64,
            ge=64,
            le=512,
        ),
        hue: int = Input(description="Of its colour.", default=20, ge=0, le=255),
    ) -> Path:
        size = (width // 8 * 8, height // 8 * 8)
        Image.new("HSV", size, (hue, 200, 200)).convert("RGB").save("/tmp/flat.png")
        return Path("/tmp/flat.png")
