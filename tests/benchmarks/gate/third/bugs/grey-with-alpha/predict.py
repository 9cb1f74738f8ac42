"""Mean colour of a picture, as a network would get it."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MEAN = np.array([0.485, 0.456, 0.406])
SPREAD = np.array([0.229, 0.224, 0.225])


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture to look at."),
    ) -> list[float]:
        picture = Image.open(image)
        if picture.mode in ("P", "CMYK", "1", "I;16", "I", "F"):
            picture = picture.convert("RGB")
        pixels = np.asarray(picture) / 255.0
        if pixels.ndim == 2:
            pixels = np.stack([pixels] * 3, axis=-1)
        if pixels.shape[2] == 4:
            pixels = pixels[:, :, :3]
        normed = (pixels - MEAN) / SPREAD
        return [float(number) for number in normed.mean(axis=(0, 1))]
