"""Draws a symmetric pattern from a name, to use as an avatar."""

import hashlib
import tempfile
from collections import OrderedDict

from cog import BasePredictor, Input, Path
from PIL import Image

COLOURS = {"teal": (0, 128, 128), "plum": (142, 69, 133), "sand": (194, 160, 96)}
KEPT = 200


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.drawn: OrderedDict[str, Image.Image] = OrderedDict()

    def predict(
        self,
        name: str = Input(
            description="Whose avatar. The same name has the same pattern.",
            default="robin",
            max_length=200,
        ),
        size: int = Input(description="Sides of the square in pixels.", default=64, ge=16, le=512),
        colour: str = Input(
            description="Colour of the pattern.", default="teal", choices=list(COLOURS)
        ),
    ) -> Path:
        """A square PNG of that size."""
        picture = self.drawn.get(name)
        if picture is None:
            picture = draw(name, size, COLOURS[colour])
            self.drawn[name] = picture
            if len(self.drawn) > KEPT:
                self.drawn.popitem(last=False)
        file = Path(tempfile.mkdtemp()) / "avatar.png"
        picture.save(file)
        return file


def draw(name: str, size: int, colour: tuple[int, int, int]) -> Image.Image:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    grid = Image.new("RGB", (5, 5), "white")
    for number in range(15):
        if digest[number] & 1:
            column, row = divmod(number, 5)
            grid.putpixel((column, row), colour)
            grid.putpixel((4 - column, row), colour)
    return grid.resize((size, size), Image.Resampling.NEAREST)
