"""The mean of all frames."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageSequence


class Predictor(BasePredictor):
    def predict(self, image: Path = Input(description="A picture or an animation.")) -> float:
        picture = Image.open(image)
        frames = [np.asarray(frame.copy()) for frame in ImageSequence.Iterator(picture)]
        return float(np.stack(frames).mean())
