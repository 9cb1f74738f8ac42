"""Cuts a piece out of a picture."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to cut from."),
        left: int = Input(description="Pixels from the left.", default=0, ge=0, le=4096),
        top: int = Input(description="Pixels from the top.", default=0, ge=0, le=4096),
        size: int = Input(description="Pixels to take.", default=64, ge=1, le=1024),
    ) -> Path:
        try:
            picture = Image.open(str(image)).convert("RGB")
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        right, bottom = min(left + size, picture.width), min(top + size, picture.height)
        picture.crop((left, top, right, bottom)).save("/tmp/one-crop-too-far.png")
        return Path("/tmp/one-crop-too-far.png")
