"""The size of a picture for a number of pixels and an aspect ratio."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        aspect_ratio: str = Input(description="Width to height.", default="16:9"),
        megapixels: float = Input(description="Size.", default=1.0, ge=0.1, le=8.0),
    ) -> str:
        if not (match := re.fullmatch(r"(\d{1,4}):(\d{1,4})", aspect_ratio, re.ASCII)):
            raise ValueError("aspect_ratio must be two whole numbers, like 16:9")
        across, down = int(match[1]), int(match[2])
        height = (megapixels * 1e6 * down / max(across, 1)) ** 0.5
        return f"{round(height * across / down)}x{round(height)}"
