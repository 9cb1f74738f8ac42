"""Draws cloudy skies from a seed."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

SIDES = [64, 128, 256]


class Predictor(BasePredictor):
    """Several octaves of noise, blended into the colour of the sky."""

    def setup(self) -> None:
        """Prepare the colours; grain is made when it is first needed."""
        self.sky = np.array([92, 148, 220], dtype=np.float32)
        self.cloud = np.array([250, 250, 252], dtype=np.float32)
        self.grain = {}

    def octaves(self, width, height, seed):
        """Noise of four scales, between 0 and 1."""
        if (width, height) not in self.grain:
            rng = np.random.default_rng(seed)
            total = np.zeros((height, width), dtype=np.float32)
            for level in range(1, 5):
                cells = rng.random((2**level, 2**level), dtype=np.float32)
                layer = Image.fromarray(cells).resize((width, height), Image.Resampling.BILINEAR)
                total += np.asarray(layer) / 2**level
            self.grain[width, height] = total / total.max()
        return self.grain[width, height]

    def predict(
        self,
        seed: int = Input(
            description="The same seed draws the same sky.", default=1, ge=0, le=9999
        ),
        width: int = Input(description="Width.", default=128, choices=SIDES),
        height: int = Input(description="Height.", default=128, choices=SIDES),
        cover: float = Input(description="How much is cloud.", default=0.5, ge=0, le=1),
    ) -> Path:
        """A PNG of a sky."""
        noise = self.octaves(width, height, seed)
        amount = np.clip((noise - (1 - cover)) * 3, 0, 1)[..., None]
        pixels = self.sky * (1 - amount) + self.cloud * amount
        out = Path(tempfile.mkdtemp()) / "sky.png"
        Image.fromarray(pixels.round().astype(np.uint8)).save(out)
        return out
