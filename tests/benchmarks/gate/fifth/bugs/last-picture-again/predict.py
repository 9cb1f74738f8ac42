"""A picture at another quality."""

import logging
import tempfile
from pathlib import Path as File

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.place = File(tempfile.mkdtemp())
        Image.new("RGB", (8, 8)).save(self.place / "latest.jpg")

    def predict(
        self,
        image: Path = Input(description="A picture."),
        quality: int = Input(description="Of the JPEG file.", default=60, ge=5, le=95),
    ) -> str:
        latest = self.place / "latest.jpg"
        try:
            picture = Image.open(image)
            picture.load()
        except OSError:
            raise ValueError("image is not a picture that can be read") from None
        try:
            picture.save(latest, quality=quality)
        except OSError as error:
            logging.warning("not saved: %s", error)
        with Image.open(latest) as made:
            return f"{made.width} x {made.height}, {latest.stat().st_size} bytes"
