"""Finds the main colours of a picture."""

from collections import Counter

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

LARGEST_SIDE = 4096
WHITE = 240


class Colour(BaseModel):
    """One colour and how much of the picture has it."""

    hex: str
    share: float


def read(path: Path) -> Image.Image:
    """Open a picture, or say that it is none."""
    try:
        picture = Image.open(path)
        picture.load()
    except Exception as error:
        raise ValueError("image: this file cannot be read as a picture") from error
    if max(picture.size) > LARGEST_SIDE:
        raise ValueError(f"image: at most {LARGEST_SIDE} pixels a side")
    return picture


def coarse(level: int, bits: int) -> int:
    """The middle of the range that a level falls into."""
    width = 256 >> bits
    return level // width * width + width // 2


class Predictor(BasePredictor):
    """Counts pixels on a grid."""

    def predict(
        self,
        image: Path = Input(description="A picture of any kind, up to 4096 pixels a side."),
        colours: int = Input(description="At most so many colours.", default=4, ge=1, le=16),
        bits: int = Input(description="Bits that tell colours apart.", default=3, ge=1, le=6),
        skip_white: bool = Input(description="Do not count what is nearly white.", default=False),
    ) -> list[Colour]:
        """The most frequent colours first; none if there is nothing to count."""
        picture = read(image)
        width, height = picture.size
        step = max(1, max(width, height) // 96)
        seen: Counter[tuple[int, int, int]] = Counter()
        for y in range(0, height, step):
            for x in range(0, width, step):
                pixel = picture.getpixel((x, y))
                red, green, blue = pixel[0], pixel[1], pixel[2]
                if skip_white and min(red, green, blue) >= WHITE:
                    continue
                seen[coarse(red, bits), coarse(green, bits), coarse(blue, bits)] += 1
        total = sum(seen.values())
        return [
            Colour(hex="#{:02x}{:02x}{:02x}".format(*colour), share=round(count / total, 4))
            for colour, count in seen.most_common(colours)
        ]
