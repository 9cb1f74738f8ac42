"""Sets a text on a page of paper."""

import tempfile
import textwrap

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw, ImageFont

PAPERS = {"a5": (148, 210), "a6": (105, 148), "card": (55, 85)}
DPI = 72


def pixels(millimetres: float, dpi: int) -> int:
    """So many millimetres on a page of this density."""
    return round(millimetres * dpi / 25.4)


def save(page: Image.Image, dpi: int = DPI) -> Path:
    """Write the page with its density, for printers."""
    target = Path(tempfile.mkdtemp()) / "page.png"
    page.save(target, dpi=(dpi, dpi))
    return target


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Load the font at its usual size for each density."""
        self.fonts = {dpi: ImageFont.load_default(size=dpi / 7) for dpi in (72, 96, 144, 200)}

    def predict(
        self,
        text: str = Input(
            description="Text of the page; what does not fit on it is left out.",
            default="Dear guests, dinner is at seven.",
            max_length=2000,
        ),
        paper: str = Input(description="Size of the page.", default="a6", choices=list(PAPERS)),
        dpi: int = Input(
            description="Dots per inch: the page has as many pixels as the paper needs, and the "
            "file is marked with it so that it prints at the size of the paper.",
            default=DPI,
            choices=[72, 96, 144, 200],
        ),
        margin_mm: float = Input(
            description="Margin in millimetres.", default=8.0, ge=0.0, le=15.0
        ),
        landscape: bool = Input(description="Wider than high.", default=False),
    ) -> Path:
        """Draw the page."""
        width, height = (pixels(side, dpi) for side in PAPERS[paper])
        if landscape:
            width, height = height, width
        margin = pixels(margin_mm, dpi)
        page = Image.new("RGB", (width, height), "white")
        draw = ImageDraw.Draw(page)
        readable = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
        columns = max(4, int((width - 2 * margin) / (dpi / 7)))
        lines = [part for line in readable.split("\n") for part in textwrap.wrap(line, columns)]
        for place, line in enumerate(lines):
            top = margin + place * round(dpi / 5)
            if top + dpi / 5 > height - margin:
                break
            draw.text((margin, top), line, fill="black", font=self.fonts[dpi])
        return save(page)
