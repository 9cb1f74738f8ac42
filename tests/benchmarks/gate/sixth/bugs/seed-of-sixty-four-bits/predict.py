"""A texture of soft noise."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        seed: int = Input(description="The same seed gives the same texture.", default=1, ge=0),
        size: int = Input(description="Pixels on a side.", default=64, ge=16, le=256),
        softness: int = Input(description="How coarse the noise is.", default=4, ge=1, le=16),
    ) -> Path:
        dice = np.random.RandomState(np.array([seed, size], dtype=np.uint32))
        coarse = max(2, size // softness)
        noise = dice.randint(0, 256, (coarse, coarse)).astype(np.uint8)
        Image.fromarray(noise).resize((size, size), Image.Resampling.BICUBIC).save("/tmp/noise.png")
        return Path("/tmp/noise.png")
