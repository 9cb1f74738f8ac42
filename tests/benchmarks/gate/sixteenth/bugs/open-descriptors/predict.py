"""Draws a smooth gradient between two colours."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageColor


class Predictor(BasePredictor):
    def predict(
        self,
        start: str = Input(
            description="Colour on the left, as #rrggbb.",
            default="#204080",
            regex=r"^#[0-9a-fA-F]{6}$",
        ),
        end: str = Input(
            description="Colour on the right, as #rrggbb.",
            default="#f0c040",
            regex=r"^#[0-9a-fA-F]{6}$",
        ),
        width: int = Input(description="Width in pixels.", default=128, ge=1, le=512),
        height: int = Input(description="Height in pixels.", default=32, ge=1, le=512),
    ) -> Path:
        """A PNG of that size."""
        left = np.array(ImageColor.getrgb(start.strip()), dtype=float)
        right = np.array(ImageColor.getrgb(end.strip()), dtype=float)
        share = np.linspace(0, 1, width)[None, :, None]
        row = np.rint(left + (right - left) * share).astype(np.uint8)
        picture = Image.fromarray(np.repeat(row, height, axis=0))
        _, name = tempfile.mkstemp(suffix=".png")
        picture.save(name)
        return Path(name)
