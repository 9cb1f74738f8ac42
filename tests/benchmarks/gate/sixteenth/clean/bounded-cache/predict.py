"""Draws the letters of a word as a barcode of dark and light lines."""

import functools
import hashlib
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


@functools.lru_cache(maxsize=64)
def lines(word: str, bars: int) -> tuple[bool, ...]:
    """Hashing again and again is what makes the pattern of a word hard to guess."""
    digest = word.encode("utf-8", "replace")
    bits: list[bool] = []
    while len(bits) < bars:
        digest = hashlib.sha256(digest).digest()
        bits += [bool(byte & 1) for byte in digest]
    return tuple(bits[:bars])


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.asked = 0

    def predict(
        self,
        word: str = Input(
            description="The word. The same word has the same pattern.",
            default="harbour",
            max_length=500,
        ),
        bars: int = Input(description="How many lines of 2 pixels.", default=48, ge=8, le=256),
        inverted: bool = Input(description="Whether dark and light change places.", default=False),
    ) -> Path:
        """A PNG, 24 pixels high."""
        self.asked += 1
        print(f"request {self.asked}, {lines.cache_info().currsize} patterns in memory")
        picture = Image.new("L", (bars, 1))
        picture.putdata([0 if dark != inverted else 255 for dark in lines(word, bars)])
        file = Path(tempfile.mkdtemp()) / "lines.png"
        picture.resize((bars * 2, 24), Image.Resampling.NEAREST).save(file)
        return file
