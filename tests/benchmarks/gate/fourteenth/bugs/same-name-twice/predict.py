"""Draws name cards."""

import re
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

COLOURS = {"blue": (40, 70, 160), "green": (30, 120, 60), "red": (170, 40, 40)}


class Predictor(BasePredictor):
    """One card for each name."""

    def predict(
        self,
        names: str = Input(
            description="The names, with commas between; at most 20.",
            default="Table one, Table two, Window",
            max_length=600,
        ),
        colour: str = Input(
            description="Colour of the bar.", default="blue", choices=["blue", "green", "red"]
        ),
        width: int = Input(description="Width in pixels.", default=160, ge=80, le=640),
        height: int = Input(description="Height in pixels.", default=60, ge=40, le=320),
    ) -> list[Path]:
        """A PNG for each name, in their order."""
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        if not 1 <= len(wanted) <= 20:
            raise ValueError("give 1 to 20 names")
        folder = Path(tempfile.mkdtemp())
        cards = []
        for name in wanted:
            card = Image.new("RGB", (width, height), "white")
            pen = ImageDraw.Draw(card)
            pen.rectangle((0, 0, width - 1, 11), fill=COLOURS[colour])
            printable = name.encode("ascii", "replace").decode().replace("\n", " ")
            pen.text((8, 18), printable, fill="black")
            slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "card"
            path = folder / f"{slug[:40]}.png"
            card.save(path)
            cards.append(path)
        return cards
