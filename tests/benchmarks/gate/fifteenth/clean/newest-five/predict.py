"""Draw a bar chart."""

import itertools
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

KEPT = 5


class Predictor(BasePredictor):
    """Charts; the newest five stay in the folder, older ones are removed."""

    def setup(self) -> None:
        """Make the folder."""
        self.folder = Path(tempfile.mkdtemp())
        self.numbers = itertools.count()

    def predict(
        self,
        bars: list[float] = Input(
            description="Up to 100 heights from 0 to 1; what lies beyond is drawn as 0 or 1",
            default=[0.2, 0.9, 0.5],
        ),
        height: int = Input(description="Height in points", default=60, ge=10, le=400),
        width: int = Input(description="Width of a bar in points", default=12, ge=1, le=40),
        dark: bool = Input(description="Light bars on black", default=False),
    ) -> Path:
        """Write a PNG; without bars it is an empty sheet, one bar wide."""
        if len(bars) > 100:
            raise ValueError("bars must be at most 100")
        paper, ink = (0, 220) if dark else (255, 40)
        chart = Image.new("L", (width * max(1, len(bars)), height), paper)
        pen = ImageDraw.Draw(chart)
        for index, bar in enumerate(bars):
            tall = round(min(1.0, max(0.0, bar)) * height)
            if tall:
                pen.rectangle(
                    (index * width, height - tall, (index + 1) * width - 1, height - 1), fill=ink
                )
        number = next(self.numbers)
        target = self.folder / f"chart-{number}.png"
        chart.save(str(target))
        (self.folder / f"chart-{number - KEPT}.png").unlink(missing_ok=True)
        return target
