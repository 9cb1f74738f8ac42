"""How sharp a picture is."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(self, image: Path = Input(description="The picture to look at.")) -> float:
        grey = np.asarray(Image.open(image).convert("L"), dtype=float)
        across = np.abs(np.diff(grey, axis=1))
        return float(across.max())
