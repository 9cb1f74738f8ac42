"""Draws hills in a size that a diffusion model could draw."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.colours = np.array([[150, 190, 230], [90, 140, 90], [60, 100, 70], [35, 60, 45]])

    def predict(
        self,
        width: int = Input(
            description="Width in pixels, rounded down to a multiple of 8",
            default=100,
            ge=64,
            le=512,
        ),
        height: int = Input(
            description="Height in pixels, rounded down to a multiple of 8",
            default=70,
            ge=64,
            le=512,
        ),
        ridges: int = Input(description="Ridges, of which only 3 are seen", default=3, ge=1, le=9),
        seed: int = Input(description="The same seed gives the same hills", default=2, ge=0),
    ) -> Path:
        width, height = width // 8 * 8, height // 8 * 8
        rng = np.random.default_rng(seed)
        layer = np.zeros((height, width), dtype=int)
        rows, columns = np.mgrid[0:height, 0:width]
        for ridge in range(min(ridges, 3)):
            waves = np.sin(columns / width * rng.uniform(3, 9) + rng.uniform(0, 6))
            edge = height * (0.4 + 0.2 * ridge) + height * 0.08 * waves
            layer[rows > edge] = ridge + 1
        picture = Image.fromarray(self.colours[layer].astype(np.uint8))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            picture.save(file, "PNG")
        return Path(file.name)
