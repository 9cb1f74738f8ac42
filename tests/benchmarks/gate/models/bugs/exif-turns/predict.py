"""Turns a photo upright and tells its size."""

from cog import BasePredictor, Input, Path
from PIL import Image

TURNS = {1: 0, 3: 180, 6: 270}


class Predictor(BasePredictor):
    def predict(self, photo: Path = Input(description="A photo from a phone.")) -> str:
        picture = Image.open(photo)
        turn = TURNS[picture.getexif().get(274, 1)]
        upright = picture.rotate(turn, expand=True)
        return f"{upright.width} x {upright.height}"
