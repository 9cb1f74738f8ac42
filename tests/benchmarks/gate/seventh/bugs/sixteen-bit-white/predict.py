"""Colours a depth map from blue (near) to red (far)."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 16_000_000
STOPS = np.array([[20, 30, 160], [30, 180, 200], [240, 220, 60], [180, 20, 30]], dtype=np.float64)


def load(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as depth:
            if depth.width * depth.height > MAX_PIXELS:
                raise ValueError("larger than 16 megapixels")
            return np.asarray(depth.convert("L"))
    except Exception as error:
        raise ValueError("the depth map cannot be read, or has over 16 megapixels") from error


class Predictor(BasePredictor):
    def setup(self) -> None:
        places = np.linspace(0, 255, len(STOPS))
        levels = np.arange(256)
        channels = [np.interp(levels, places, STOPS[:, channel]) for channel in range(3)]
        self.colours = np.stack(channels, axis=1).round().astype(np.uint8)

    def predict(
        self,
        depth: Path = Input(description="Depth map in grey, a PNG or TIFF of 8 or 16 bits"),
        far_is_dark: bool = Input(description="Whether dark means far", default=False),
    ) -> Path:
        grey = load(depth)
        if far_is_dark:
            grey = 255 - grey
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(self.colours[grey]).save(file, "PNG")
        return Path(file.name)
