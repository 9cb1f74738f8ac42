"""Counts dark spots in a picture, such as cells on a slide."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

SIDE = 48


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says, in RGB on white."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        picture = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


class Output(BaseModel):
    spots: int
    largest: float


def fill(dark: np.ndarray, row: int, column: int) -> int:
    """Wipe out the spot that this cell belongs to; give how many cells it had."""
    if not (0 <= row < SIDE and 0 <= column < SIDE and dark[row, column]):
        return 0
    dark[row, column] = False
    size = 1
    for down, across in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        size += fill(dark, row + down, column + across)
    return size


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture, 8 bits a channel, at most 1024 pixels a side; "
            "looked at as a grid of 48 by 48 cells"
        ),
        threshold: int = Input(
            description="Cells darker than this brightness belong to spots",
            ge=0,
            le=255,
            default=80,
        ),
        smallest: int = Input(
            description="Spots of fewer cells than this do not count", ge=1, le=100, default=1
        ),
    ) -> Output:
        """Count the spots and tell what part of the grid the largest of them covers, 0 to 1."""
        grey = load_picture(image).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
        dark = np.asarray(grey) < threshold
        sizes = []
        for row in range(SIDE):
            for column in range(SIDE):
                size = fill(dark, row, column)
                if size >= smallest:
                    sizes.append(size)
        return Output(spots=len(sizes), largest=max(sizes, default=0) / SIDE**2)
