"""Avatars: patterns of squares that belong to a name."""

import hashlib
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(
            description="Any text; the same name has the same pattern.",
            default="visitor",
            max_length=200,
        ),
        cells: int = Input(description="Squares a side.", default=5, ge=3, le=9),
        pixels: int = Input(
            description="Side of the picture, rounded down to whole squares.",
            default=60,
            ge=18,
            le=512,
        ),
        size: int | None = Input(
            description="Former name of `pixels`, for old callers: if given, it counts and "
            "`pixels` does not.",
            default=None,
            ge=18,
            le=512,
            deprecated=True,
        ),
        dark: bool = Input(description="Dark ground.", default=False),
    ) -> Path:
        """Draw a pattern that is the same on both halves."""
        bits = hashlib.sha512(name.encode("utf-8", "surrogatepass")).digest()
        colour = tuple(64 + byte // 2 for byte in bits[:3])
        pattern = Image.new("RGB", (cells, cells), "#202020" if dark else "#f4f4f4")
        for row in range(cells):
            for column in range((cells + 1) // 2):
                if bits[3 + row * 5 + column] % 2:
                    pattern.putpixel((column, row), colour)
                    pattern.putpixel((cells - 1 - column, row), colour)
        side = (pixels if size is None else size) // cells * cells
        target = Path(tempfile.mkdtemp()) / "avatar.png"
        pattern.resize((side, side), Image.Resampling.NEAREST).save(target)
        return target
