"""Makes a texture of soft noise."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        seed: int = Input(
            description="Any whole number; the same number gives the same texture.", default=12
        ),
        size: int = Input(description="Edge in pixels.", default=64, ge=8, le=256),
        grain: int = Input(description="Edge of one grain in pixels.", default=8, ge=1, le=64),
    ) -> Path:
        """Return the texture as a grey PNG."""
        noise = np.random.RandomState(seed)
        cells = size // grain + 2
        coarse = noise.randint(0, 256, (cells, cells)).astype(np.uint8)
        picture = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            picture.save(file, "PNG")
        return Path(file.name)
