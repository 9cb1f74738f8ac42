"""A picture cut to a square."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to cut."),
        side: int = Input(description="Pixels a side.", default=64, ge=1, le=256),
    ) -> Path:
        try:
            picture = Image.open(image)
            square = ImageOps.fit(picture, (side, side))
        except OSError:
            raise ValueError("image is not a picture that can be read") from None
        out = Path("/tmp/square.png")
        square.save(out)
        return out
