"""Says what a file has to be when it is not that."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture, 16 pixels a side at least."),
        crop: int = Input(description="Pixels to cut away on each side.", default=2, ge=0, le=100),
    ) -> Path:
        try:
            picture = Image.open(image).convert("RGB")
        except Exception as error:
            raise ValueError("image cannot be read: send a PNG, JPEG or WebP file") from error
        if min(picture.size) < 16:
            raise ValueError(f"image is {picture.width} x {picture.height}: at least 16 x 16")
        if 2 * crop >= min(picture.size):
            raise ValueError("crop leaves nothing of the picture")
        picture.crop((crop, crop, picture.width - crop, picture.height - crop)).save("/tmp/c.png")
        return Path("/tmp/c.png")
