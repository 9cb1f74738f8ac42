"""Paints a colour gradient, for backgrounds."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

HEX = r"^#[0-9a-fA-F]{6}$"


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue of #rrggbb."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def ramp(down: int, across: int, direction: str) -> np.ndarray:
    """How far each pixel is on the way from the first colour to the second."""
    y = np.linspace(0, 1, down)[:, None] * np.ones((1, across))
    x = np.linspace(0, 1, across)[None, :] * np.ones((down, 1))
    ways = {"down": y, "across": x, "diagonal": (x + y) / 2}
    return ways[direction]


class Predictor(BasePredictor):
    """Two colours and what lies between them."""

    def predict(
        self,
        width: int = Input(description="Width in pixels.", default=256, ge=1, le=1024),
        height: int = Input(description="Height in pixels.", default=256, ge=1, le=1024),
        first: str = Input(
            description="Colour at the start, #rrggbb.", default="#1d3557", regex=HEX
        ),
        second: str = Input(
            description="Colour at the end, #rrggbb.", default="#f1faee", regex=HEX
        ),
        direction: str = Input(
            description="Where it runs.", default="down", choices=["down", "across", "diagonal"]
        ),
        steps: int = Input(description="Bands of colour; 0 is smooth.", default=0, ge=0, le=64),
    ) -> Path:
        """Paint it as PNG."""
        way = ramp(width, height, direction)
        if steps:
            way = np.minimum(np.floor(way * steps), steps - 1) / max(steps - 1, 1)
        start, end = rgb(first), rgb(second)
        pixels = start + (end - start) * way[:, :, None]
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(np.rint(pixels).astype(np.uint8)).save(file, "PNG")
        return Path(file.name)
