"""Which colours a picture is made of."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture."),
        colours: int = Input(description="How many to name at most.", default=6, ge=1, le=16),
    ) -> list[str]:
        try:
            picture = Image.open(image)
            picture.load()
        except OSError:
            raise ValueError("image is no picture that can be read") from None
        if picture.mode == "P":
            table = np.array(picture.getpalette("RGB")).reshape(256, 3)
            counts = np.bincount(np.asarray(picture).ravel(), minlength=256)
        else:
            pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
            table, counts = np.unique(pixels, axis=0, return_counts=True)
        most = np.argsort(-counts, kind="stable")[:colours]
        return [f"#{bytes(table[n].astype(np.uint8)).hex()}" for n in most if counts[n]]
