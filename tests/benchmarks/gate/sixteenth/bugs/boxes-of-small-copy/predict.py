"""Finds the bright part of a picture."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

WORKING_PIXELS = 128


class Output(BaseModel):
    found: bool
    left: int
    top: int
    right: int
    bottom: int


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture of 8 bits per channel; alpha is ignored."),
        brightness: int = Input(
            description="How bright a pixel must at least be, 0 (all are) to 255 (white).",
            default=200,
            ge=0,
            le=255,
        ),
    ) -> Output:
        """The box around all bright pixels, in pixels of the given picture.

        Right and bottom lie just outside of it. Large pictures are searched coarsely, so that the
        box may be some pixels off. All is 0 if nothing is found.
        """
        picture = read(image)
        picture.thumbnail((WORKING_PIXELS, WORKING_PIXELS))
        rows, columns = np.nonzero(np.asarray(picture) >= brightness)
        if not len(rows):
            return Output(found=False, left=0, top=0, right=0, bottom=0)
        return Output(
            found=True,
            left=int(columns.min()),
            top=int(rows.min()),
            right=int(columns.max()) + 1,
            bottom=int(rows.max()) + 1,
        )


def read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            picture.load()
            if picture.mode.startswith(("I", "F")):
                raise ValueError("more than 8 bits per channel")
            return picture.convert("RGB").convert("L")
    except Exception as error:
        raise ValueError("image cannot be read as a picture of 8 bits per channel") from error
