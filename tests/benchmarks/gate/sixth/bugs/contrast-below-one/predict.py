"""Whether a text can be read on its ground."""

import re

from cog import BaseModel, BasePredictor, Input

COLOUR = r"^#[0-9a-fA-F]{6}$"


class Contrast(BaseModel):
    ratio: float
    readable: bool


def luminance(colour: str) -> float:
    """How bright it is, from 0 to 1."""
    parts = [int(one, 16) / 255 for one in re.findall("..", colour[1:])]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="The colour of the text.", default="#ffffff", regex=COLOUR),
        ground: str = Input(
            description="The colour below it. The ratio of the two is from 1 to 21.",
            default="#003366",
            regex=COLOUR,
        ),
        large: bool = Input(description="Large letters need less.", default=False),
    ) -> Contrast:
        ratio = (luminance(text) + 0.05) / (luminance(ground) + 0.05)
        return Contrast(ratio=round(ratio, 2), readable=ratio >= (3.0 if large else 4.5))
