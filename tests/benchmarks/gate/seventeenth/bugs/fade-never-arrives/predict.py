"""Fades from one colour to another."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image

COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (220, 30, 30),
    "green": (30, 160, 60),
    "blue": (30, 60, 200),
}


class Predictor(BasePredictor):
    def predict(
        self,
        start: str = Input(
            description="Colour of the first frame.", default="black", choices=list(COLOURS)
        ),
        end: str = Input(
            description="Colour of the last frame.", default="white", choices=list(COLOURS)
        ),
        frames: int = Input(description="Frames to draw.", default=5, ge=2, le=24),
        size: int = Input(description="Width and height of each.", default=32, ge=1, le=256),
    ) -> list[Path]:
        """PNG pictures in even steps, the first wholly in `start` and the last wholly in `end`."""
        before, after = COLOURS[start], COLOURS[end]
        drawn = []
        for number in range(frames):
            share = number / frames
            colour = tuple(
                round(one + (other - one) * share) for one, other in zip(before, after, strict=True)
            )
            with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
                Image.new("RGB", (size, size), colour).save(file, "PNG")
            drawn.append(Path(file.name))
        return drawn
