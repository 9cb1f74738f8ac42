"""How many separate marks are on a scanned page."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Marks(BaseModel):
    marks: int
    largest: int


def filled(ink: np.ndarray, row: int, column: int) -> int:
    """How many pixels hang together with this one; they are taken off the page."""
    inside = 0 <= row < ink.shape[0] and 0 <= column < ink.shape[1]
    if not inside or not ink[row, column]:
        return 0
    ink[row, column] = False
    return 1 + sum(
        filled(ink, row + down, column + right)
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
    )


class Predictor(BasePredictor):
    def predict(
        self,
        page: Path = Input(description="A scanned page."),
        threshold: int = Input(description="What is darker is ink.", default=96, ge=1, le=255),
        smallest: int = Input(description="Pixels to be a mark.", default=2, ge=1, le=1000),
    ) -> Marks:
        try:
            picture = Image.open(page).convert("L")
        except OSError:
            raise ValueError("page cannot be read as a picture") from None
        picture.thumbnail((96, 96))
        ink = np.asarray(picture) < threshold
        ink = ink.copy()
        sizes = [filled(ink, int(row), int(column)) for row, column in np.argwhere(ink)]
        marks = [size for size in sizes if size >= smallest]
        return Marks(marks=len(marks), largest=max(marks, default=0))
