"""A gradient of the size that is asked for, sharpened by drawing it larger first."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        width: int = Input(description="Pixels across.", default=96, ge=16, le=512),
        height: int = Input(description="Pixels down.", default=96, ge=16, le=512),
        hires_fix: bool = Input(description="Draw it larger, then shrink it.", default=False),
    ) -> Path:
        shape = (height * 2, width * 2) if hires_fix else (height, width)
        ramp = np.linspace(0, 255, shape[0] * shape[1]).reshape(shape).astype(np.uint8)
        picture = Image.fromarray(ramp)
        if hires_fix:
            picture = picture.resize((height, width))
        picture.save("/tmp/gradient.png")
        return Path("/tmp/gradient.png")
