"""Makes a small preview."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture to make small."),
        size: int = Input(description="Longest side in pixels.", default=64, ge=8, le=512),
    ) -> Path:
        picture = Image.open(image)
        if picture.mode in ("P", "1", "I;16", "I", "F", "CMYK", "LA"):
            picture = picture.convert("RGB")
        picture.thumbnail((size, size))
        picture.save("/tmp/preview.jpg", quality=85)
        return Path("/tmp/preview.jpg")
