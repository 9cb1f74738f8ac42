"""Draws bar charts."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 240, 120


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.canvas = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.pen = ImageDraw.Draw(self.canvas)

    def predict(
        self,
        values: list[float] = Input(
            description="Up to 24 values from 0 to 1, one bar each; none at all is an empty chart.",
            default=[0.2, 0.9, 0.5],
        ),
        colour: str = Input(
            description="Colour of the bars.", default="teal", choices=["teal", "coral", "black"]
        ),
    ) -> Path:
        """A PNG of 240 by 120 with these bars from left to right, ten pixels apart, on white."""
        if len(values) > 24 or any(not 0 <= value <= 1 for value in values):
            raise ValueError("values: up to 24, each from 0 to 1")
        for number, value in enumerate(values):
            top = HEIGHT - round(value * HEIGHT)
            if top < HEIGHT:
                box = (number * 10 + 1, top, number * 10 + 8, HEIGHT - 1)
                self.pen.rectangle(box, fill=colour)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            self.canvas.save(file, "PNG")
        return Path(file.name)
