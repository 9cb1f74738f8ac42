"""Draws a bar code for a number."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        number: int = Input(description="What to encode.", default=4711, ge=0, le=9_999_999_999),
        height: int = Input(description="Height in pixels.", default=40, ge=1, le=400),
        scale: int = Input(description="Width of one bar in pixels.", default=2, ge=1, le=8),
    ) -> Path:
        """Return the bar code as PNG, 40 bars wide."""
        bits = [int(bit) for bit in f"{number:034b}"]
        bars = [1, 0, 1, *bits, 1, 0, 1]
        row = np.repeat(np.array(bars, dtype=np.uint8), scale)
        picture = Image.fromarray(np.tile(255 - row * 255, (height, 1)))
        _, name = tempfile.mkstemp(suffix=".png")
        picture.save(name, "PNG")
        return Path(name)
