"""A picture made brighter or darker, and with more or less contrast."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture."),
        brightness: int = Input(
            description="Added to each pixel; 0 leaves it.", default=0, ge=0, le=100
        ),
        contrast: float = Input(description="1 leaves it.", default=1.0, ge=0.2, le=1.0),
    ) -> Path:
        try:
            picture = Image.open(image).convert("RGB")
        except OSError:
            raise ValueError("image cannot be read as a picture") from None
        picture.thumbnail((512, 512))
        pixels = np.asarray(picture)
        if contrast != 1.0:
            pixels = ((pixels - 128.0) * contrast + 128).astype(np.uint8)
        if brightness:
            pixels = pixels + np.uint8(brightness)
        Image.fromarray(pixels).save("/tmp/brighter.png")
        return Path("/tmp/brighter.png")
