"""A texture of noise, dithered where banding would show."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        size: int = Input(description="Pixels a side.", default=64, ge=16, le=256),
        seed: int = Input(description="The same seed, the same texture.", default=0, ge=0),
    ) -> Path:
        rng = np.random.default_rng(seed)
        coarse = rng.uniform(0, 255, (8, 8)).astype(np.float32)
        out = np.asarray(Image.fromarray(coarse).resize((size, size)))
        if size > 128:
            out = out + np.random.normal(0, 12, out.shape)
        Image.fromarray(np.clip(out, 0, 255).astype(np.uint8)).save("/tmp/texture.png")
        return Path("/tmp/texture.png")
