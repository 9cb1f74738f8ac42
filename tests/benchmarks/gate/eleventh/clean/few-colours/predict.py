"""Draws a striped flag with a few colours, as a palette picture."""

import random
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

COLOURS = ["#1d3557", "#e63946", "#f1faee", "#2a9d8f", "#e9c46a", "#000000", "#ffffff", "#6a4c93"]


def picked(count: int, seed: int) -> list[str]:
    """Colours of which neighbours differ."""
    rng = random.Random(seed)
    chosen: list[str] = []
    for _ in range(count):
        chosen.append(rng.choice([colour for colour in COLOURS if colour not in chosen[-1:]]))
    return chosen


class Predictor(BasePredictor):
    """Flags."""

    def predict(
        self,
        stripes: int = Input(description="How many stripes.", default=3, ge=1, le=12),
        across: bool = Input(description="Stripes from left to right.", default=True),
        width: int = Input(description="Width in pixels.", default=300, ge=12, le=900),
        height: int = Input(description="Height in pixels.", default=200, ge=12, le=600),
        border: int = Input(
            description="Black border in pixels; it may cover all of a small flag.",
            default=0,
            ge=0,
            le=20,
        ),
        seed: int = Input(
            description="Chooses the colours. There are only eight, so different seeds may "
            "well draw the same flag.",
            default=0,
            ge=0,
            le=9999,
        ),
    ) -> Path:
        """A PNG with a palette of at most 16 colours."""
        flag = Image.new("RGB", (width, height))
        draw = ImageDraw.Draw(flag)
        long = height if across else width
        for at, colour in enumerate(picked(stripes, seed)):
            first, last = at * long // stripes, (at + 1) * long // stripes - 1
            box = (0, first, width - 1, last) if across else (first, 0, last, height - 1)
            draw.rectangle(box, fill=colour)
        if border:
            inner = flag
            flag = Image.new("RGB", (width, height))
            if min(width, height) > 2 * border:
                box = (border, border, width - border, height - border)
                flag.paste(inner.crop(box), (border, border))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            flag.quantize(16).save(file, "PNG", optimize=True)
        return Path(file.name)
