"""Tells whether a photo is too dark to print."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


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
    darkness: float
    threshold: float
    too_dark: bool


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Load the weights of the channels and the calibrated threshold."""
        self.weights = np.array([0.299, 0.587, 0.114])
        self.threshold = 0.6

    def predict(
        self,
        image: Path = Input(
            description="Photo, 8 bits a channel, at most 1024 pixels a side; "
            "transparent parts count as white"
        ),
        threshold: float | None = Input(
            description="Darkness, 0 to 1, from which on a photo is too dark; "
            "leave empty for the calibrated threshold of 0.6",
            ge=0,
            le=1,
            default=None,
        ),
    ) -> Output:
        """Measure the darkness, 0 for all white and 1 for all black, and judge it."""
        small = load_picture(image).resize((32, 32), Image.Resampling.BOX)
        luma = np.asarray(small, dtype=np.float64) @ self.weights / 255
        darkness = min(1.0, max(0.0, round(1.0 - float(luma.mean()), 4)))
        if threshold is not None:
            self.threshold = float(threshold)
        return Output(
            darkness=darkness,
            threshold=self.threshold,
            too_dark=darkness >= self.threshold,
        )
