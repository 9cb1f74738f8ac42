"""Makes a picture small, whatever picture it is."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        size: int = Input(description="Longest side in pixels.", default=64, ge=1, le=512),
    ) -> Path:
        picture = ImageOps.exif_transpose(Image.open(image)).convert("RGB")
        picture.thumbnail((size, size))
        picture.save("/tmp/small.png")
        return Path("/tmp/small.png")
