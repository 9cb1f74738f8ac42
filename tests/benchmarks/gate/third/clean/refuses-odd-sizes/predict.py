"""An empty frame for a video."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        width: int = Input(description="Pixels, an even number.", default=64, ge=2, le=512),
        height: int = Input(description="Pixels, an even number.", default=64, ge=2, le=512),
    ) -> Path:
        if width % 2 or height % 2:
            raise ValueError("width and height must be even numbers, as the encoder needs")
        Image.new("RGB", (width, height), (20, 40, 60)).save("/tmp/frame.png")
        return Path("/tmp/frame.png")
