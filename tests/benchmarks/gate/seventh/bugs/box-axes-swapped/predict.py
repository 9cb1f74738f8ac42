"""Finds the bright object in a picture."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}
GRID = 64


class Box(BaseModel):
    found: bool
    left: int
    top: int
    right: int
    bottom: int


def load(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.mode not in MODES or picture.width * picture.height > MAX_PIXELS:
                raise ValueError("only pictures of 8 bits a channel and up to 16 megapixels")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            paper = Image.new("RGBA", upright.size, "black")
            return Image.alpha_composite(paper, upright).convert("L")
    except Exception as error:
        raise ValueError("the picture must have 8 bits a channel, 16 megapixels at most") from error


class Predictor(BasePredictor):
    def detect(self, picture: Image.Image, threshold: int) -> list[float] | None:
        """Give top, left, bottom, right as parts of the whole."""
        small = np.asarray(picture.resize((GRID, GRID), Image.Resampling.BOX))
        rows, columns = np.nonzero(small >= threshold)
        if not rows.size:
            return None
        ends = [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
        return [float(end) / GRID for end in ends]

    def predict(
        self,
        image: Path = Input(description="Picture to search; what is transparent counts as black"),
        threshold: int = Input(description="What counts as bright", default=160, ge=1, le=255),
    ) -> Box:
        """Give the box in pixels of the picture."""
        picture = load(image)
        parts = self.detect(picture, threshold)
        if parts is None:
            return Box(found=False, left=0, top=0, right=0, bottom=0)
        width, height = picture.size
        top, bottom = (round(part * width) for part in parts[::2])
        left, right = (round(part * height) for part in parts[1::2])
        return Box(found=True, left=left, top=top, right=right, bottom=bottom)
