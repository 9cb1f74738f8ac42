"""The average of several pictures."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self, images: list[Path] = Input(description="Pictures to average, one or more.")
    ) -> Path:
        if not images:
            raise ValueError("give one picture at least")
        try:
            pictures = [Image.open(image) for image in images]
            arrays = [np.asarray(one.resize((64, 64))) for one in pictures]
        except OSError:
            raise ValueError("one of the images cannot be read") from None
        mean = np.mean(np.stack(arrays), axis=0).astype(np.uint8)
        out = Path("/tmp/average.png")
        Image.fromarray(mean).convert("RGB").save(out)
        return out
