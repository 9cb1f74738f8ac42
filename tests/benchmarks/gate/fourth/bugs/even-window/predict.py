"""A picture with its speckles taken out."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to clean."),
        window: int = Input(description="Pixels looked at, each way.", default=3, ge=1, le=9),
    ) -> Path:
        try:
            picture = Image.open(image).convert("L").resize((64, 64))
        except OSError:
            raise ValueError("image is not a picture that can be read") from None
        out = Path("/tmp/clean.png")
        picture.filter(ImageFilter.MedianFilter(window)).save(out)
        return out
