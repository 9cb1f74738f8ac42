"""Draws a round badge with a number."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


class Predictor(BasePredictor):
    """Badges for maps and lists."""

    def predict(
        self,
        number: int = Input(description="The number on the badge.", default=7, ge=0, le=999),
        size: int = Input(description="Width and height in pixels.", default=64, ge=32, le=512),
        fill: str = Input(
            description="Colour of the disc.", default="navy", choices=["navy", "teal", "maroon"]
        ),
        ground: str = Input(
            description="What is round the disc.", default="white", choices=["white", "nothing"]
        ),
        file_format: str = Input(
            description="Kind of file; JPEG cannot be see-through and is white there.",
            default="PNG",
            choices=["PNG", "JPEG", "WEBP"],
        ),
    ) -> Path:
        """The badge."""
        if ground == "white":
            badge = Image.new("RGB", (size, size), "white")
        else:
            badge = Image.new("RGBA", (size, size), (255, 255, 255, 0))
        pen = ImageDraw.Draw(badge)
        pen.ellipse((1, 1, size - 2, size - 2), fill=fill)
        pen.text((size // 2, size // 2), str(number), fill="white", anchor="mm")
        with tempfile.NamedTemporaryFile(suffix=ENDINGS[file_format], delete=False) as out:
            badge.save(out, file_format)
        return Path(out.name)
