"""A picture made brighter or darker."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to change."),
        brightness: int = Input(description="Added to each pixel.", default=30, ge=-255, le=255),
    ) -> Path:
        try:
            pixels = np.asarray(Image.open(image).convert("RGB"))
        except OSError:
            raise ValueError("image is not a picture that can be read") from None
        room = 255 - pixels
        changed = np.where(room < brightness, np.uint8(255), pixels + np.uint8(brightness))
        out = Path("/tmp/brighter.png")
        Image.fromarray(changed.astype(np.uint8)).save(out)
        return out
