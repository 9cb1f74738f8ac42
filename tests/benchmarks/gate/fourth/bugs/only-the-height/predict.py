"""A picture fitted into a frame."""

from typing import Optional

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to fit."),
        width: Optional[int] = Input(description="Widest, in pixels.", default=None, ge=1, le=512),
        height: Optional[int] = Input(description="Highest.", default=None, ge=1, le=512),
    ) -> Path:
        try:
            picture = Image.open(image).convert("RGB")
        except OSError:
            raise ValueError("image is not a picture that can be read") from None
        if width and not height:
            height = max(1, picture.height * width // picture.width)
        if width or height:
            scale = min(width / picture.width, height / picture.height)
            wide, high = int(picture.width * scale), int(picture.height * scale)
            picture = picture.resize((max(1, wide), max(1, high)))
        out = Path("/tmp/fitted.png")
        picture.save(out)
        return out
