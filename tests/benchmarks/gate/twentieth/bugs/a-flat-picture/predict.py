"""Embeds pictures for the search of near duplicates."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

GRID = 8


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


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make the cosine basis."""
        index = np.arange(GRID)
        self.basis = np.cos(np.pi * np.outer(index, index + 0.5) / GRID)

    def predict(
        self,
        image: Path = Input(
            description="Picture, 8 bits a channel, at most 1024 pixels a side; "
            "transparent parts are put on white"
        ),
        mirror: bool = Input(
            description="Disregard which side is left and which is right", default=False
        ),
    ) -> list[float]:
        """Give an embedding of 64 numbers to compare with others by their dot product."""
        grey = load_picture(image).convert("L").resize((GRID, GRID), Image.Resampling.BOX)
        pixels = np.asarray(grey, dtype=np.float64)
        if mirror:
            pixels = (pixels + pixels[:, ::-1]) / 2
        pixels = pixels - pixels.mean()
        waves = (self.basis @ pixels @ self.basis.T).ravel()
        return (waves / np.linalg.norm(waves)).tolist()
