"""Draws plasma tiles; the last sixteen are kept, as people ask for the same ones."""

import tempfile
from functools import lru_cache

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


@lru_cache(maxsize=16)
def tile(seed: int, size: int) -> bytes:
    """The pixels of a tile, in grey."""
    source = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    field = np.zeros((size, size))
    for a, b, shift in source.uniform(1, 9, (6, 3)):
        field += np.sin(a * x + b * y + shift)
    return ((field / 6 + 1) * 127.5).astype(np.uint8).tobytes()


class Predictor(BasePredictor):
    """Makes tiles."""

    def predict(
        self,
        seed: int = Input(description="Which tile.", default=1, ge=0, le=2**31),
        size: int = Input(description="Side in pixels.", default=64, ge=1, le=512),
        invert: bool = Input(description="Swap light and dark.", default=False),
    ) -> Path:
        """A grey PNG."""
        picture = Image.frombytes("L", (size, size), tile(seed, size))
        if invert:
            picture = picture.point(lambda value: 255 - value)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            picture.save(file, format="PNG")
        return Path(file.name)
