"""Writes each output to a folder of its own, so that no two can meet."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        size: int = Input(description="Pixels a side.", default=32, ge=1, le=256),
        grey: bool = Input(description="Without colour.", default=False),
    ) -> Path:
        out = Path(tempfile.mkdtemp()) / "square.png"
        Image.new("L" if grey else "RGB", (size, size), 90 if grey else (200, 90, 30)).save(out)
        return out
