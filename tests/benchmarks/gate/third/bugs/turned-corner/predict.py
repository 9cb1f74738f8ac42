"""The colours of the four corners, to guess a background."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A photograph."),
    ) -> list[str]:
        with Image.open(image) as picture:
            width, height = picture.size
            pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
        corners = [(0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)]
        return ["#" + bytes(pixels[row, column]).hex() for row, column in corners]
