"""Posters of random circles."""

import random
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

PALETTES = {
    "sea": ["#0b3954", "#087e8b", "#bfd7ea"],
    "autumn": ["#7f4f24", "#dda15e", "#bc6c25"],
}


def colours(palette: str, count: int) -> list[str]:
    """One colour for each circle."""
    if palette == "mixed":
        every = [colour for shades in PALETTES.values() for colour in shades]
        return [random.choice(every) for _ in range(count)]
    shades = PALETTES[palette]
    return [shades[place % len(shades)] for place in range(count)]


class Predictor(BasePredictor):
    def predict(
        self,
        circles: int = Input(description="How many.", default=12, ge=1, le=100),
        palette: str = Input(
            description="Colours; mixed takes some of each.",
            default="sea",
            choices=[*PALETTES, "mixed"],
        ),
        width: int = Input(description="Pixels.", default=128, ge=32, le=512),
        height: int = Input(description="Pixels.", default=128, ge=32, le=512),
        seed: int = Input(
            description="The same seed and inputs make the same poster.",
            default=1,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> Path:
        """Draw a poster."""
        generator = np.random.default_rng(seed)
        poster = Image.new("RGB", (width, height), "#fdfcf7")
        draw = ImageDraw.Draw(poster)
        for colour in colours(palette, circles):
            x, y = generator.integers(0, width), generator.integers(0, height)
            radius = generator.integers(3, min(width, height) // 4)
            box = [int(x - radius), int(y - radius), int(x + radius), int(y + radius)]
            draw.ellipse(box, fill=colour)
        target = Path(tempfile.mkdtemp()) / "poster.png"
        poster.save(target)
        return target
