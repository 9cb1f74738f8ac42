"""Draws a piece of hilly land as a grey picture."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Terrain:
    """Makes height fields."""

    def __init__(self) -> None:
        self.drawn: list[np.ndarray] = []

    def field(self, size: int, octaves: int, roughness: float, seed: int) -> np.ndarray:
        """Heights between 0 and 1, from noise of several sizes."""
        rng = np.random.default_rng(seed)
        heights = np.zeros((size, size))
        for octave in range(octaves):
            cells = 2 ** (octave + 1)
            noise = rng.random((cells, cells)) * roughness**octave
            at = np.arange(size) * cells // size
            heights += noise[np.ix_(at, at)]
        low, high = heights.min(), heights.max()
        heights = (heights - low) / max(high - low, 1e-9)
        self.drawn.append(heights)
        return heights


class Predictor(BasePredictor):
    """Land from a seed."""

    def setup(self) -> None:
        """Get ready."""
        self.terrain = Terrain()

    def predict(
        self,
        size: int = Input(description="Pixels a side.", default=256, ge=32, le=512),
        octaves: int = Input(description="Sizes of hills.", default=4, ge=1, le=6),
        roughness: float = Input(
            description="How much the small hills count.", default=0.5, ge=0.1, le=1
        ),
        sea_level: float = Input(description="What is lower is water.", default=0.2, ge=0, le=0.9),
        seed: int = Input(
            description="The same seed draws the same land.", default=3, ge=0, le=2**32 - 1
        ),
    ) -> Path:
        """Draw it as PNG."""
        heights = self.terrain.field(size, octaves, roughness, seed)
        heights = np.clip((heights - sea_level) / (1 - sea_level), 0, 1)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray((heights * 255).astype(np.uint8)).save(file, "PNG")
        return Path(file.name)
