"""Measures the tiles of a picture in parallel."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 2048


class Tile(BaseModel):
    left: int
    top: int
    brightness: float


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path | None = Input(
            description="A picture of 8 bits per channel, at most 2048x2048 pixels. Without one a "
            "built-in gradient is measured.",
            default=None,
        ),
        tile: int = Input(
            description="Sides of a tile; those at the right and at the bottom may be smaller. "
            "More than 4096 tiles are refused.",
            default=32,
            ge=8,
            le=512,
        ),
        workers: int = Input(
            description="How many threads measure; the results are the same.",
            default=2,
            ge=1,
            le=4,
        ),
    ) -> list[Tile]:
        """The mean brightness (0 to 255) of each tile, row by row. Alpha is ignored."""
        pixels = gradient() if image is None else read(image)
        height, width = pixels.shape
        corners = [(left, top) for top in range(0, height, tile) for left in range(0, width, tile)]
        if len(corners) > 4096:
            raise ValueError("tile is too small for this picture: more than 4096 tiles")

        def measure(corner: tuple[int, int]) -> Tile:
            left, top = corner
            part = pixels[top : top + tile, left : left + tile]
            return Tile(left=left, top=top, brightness=round(float(part.mean()), 3))

        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(measure, corners))


def gradient() -> np.ndarray:
    return np.add.outer(np.arange(64), np.arange(96)).astype(np.float64)


def read(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as picture:
            if max(picture.size) > MAX_PIXELS or picture.mode.startswith(("I", "F")):
                raise ValueError("outside the limits")
            return np.asarray(picture.convert("RGB").convert("L"), dtype=np.float64)
    except Exception as error:
        raise ValueError(
            "image cannot be read as a picture of 8 bits per channel and at most 2048x2048 pixels"
        ) from error
