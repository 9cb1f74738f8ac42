"""Grain over a flat colour."""

from functools import cache

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


@cache
def grain(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (720, 720))


class Predictor(BasePredictor):
    def predict(
        self,
        brightness: int = Input(description="Of the colour.", default=128, ge=0, le=255),
        amount: float = Input(description="Of grain.", default=12, ge=0, le=64),
        seed: int = Input(description="Of the grain.", default=0, ge=0),
    ) -> Path:
        pixels = np.clip(brightness + amount * grain(seed)[:96, :96], 0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save("/tmp/grain.png")
        return Path("/tmp/grain.png")
