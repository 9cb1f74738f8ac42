"""The mean colour of a picture."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(self, image: Path = Input(description="A picture.")) -> str:
        picture = Image.open(image)
        small = picture.resize((1, 1)) if picture.mode != "P" else picture.convert("RGB")
        red, green, blue, *_ = small.getpixel((0, 0))
        return f"#{red:02x}{green:02x}{blue:02x}"
