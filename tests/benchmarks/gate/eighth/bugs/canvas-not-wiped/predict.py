"""Draws bar charts."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 240, 120


class Predictor(BasePredictor):
    def setup(self):
        """Draw what all charts have in common."""
        self.canvas = Image.new("RGB", (WIDTH, HEIGHT), "white")
        draw = ImageDraw.Draw(self.canvas)
        for line in range(0, HEIGHT, 20):
            draw.line((0, line, WIDTH, line), fill="lightgrey")

    def predict(
        self,
        values: list[float] = Input(
            description="Height of each bar, 0 to 10. At most 24 bars.", default=[3.0, 5.0, 2.0]
        ),
        colour: str = Input(
            description="Colour of the bars.", default="teal", choices=["teal", "navy", "maroon"]
        ),
    ) -> Path:
        """Return the chart as PNG."""
        if len(values) > 24:
            raise ValueError("At most 24 bars fit.")
        if any(not 0 <= value <= 10 for value in values):
            raise ValueError("The height of a bar is from 0 to 10.")
        draw = ImageDraw.Draw(self.canvas)
        for place, value in enumerate(values):
            top = HEIGHT - 1 - int(value * (HEIGHT - 1) / 10)
            draw.rectangle((place * 10 + 2, top, place * 10 + 8, HEIGHT - 1), fill=colour)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            self.canvas.save(file, "PNG")
        return Path(file.name)
