"""The mean colour of a picture."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


def open_picture(path):
    try:
        picture = Image.open(path)
        picture.load()
    except Exception as error:
        raise ValueError("the image cannot be read") from error
    return picture


class Predictor(BasePredictor):
    """Looks at the middle of a picture."""

    def predict(
        self,
        image: Path = Input(description="Any picture: PNG, JPEG, GIF, in colour or grey."),
        middle: float = Input(
            description="Which part of width and height counts.", default=1.0, ge=0.1, le=1.0
        ),
        upper_case: bool = Input(description="Write the hex digits in capitals.", default=False),
    ) -> str:
        """Answer with the mean colour as #rrggbb."""
        picture = open_picture(image)
        width, height = picture.size
        left = int(width * (1 - middle) / 2)
        top = int(height * (1 - middle) / 2)
        picture = picture.crop((left, top, width - left, height - top))
        pixels = np.asarray(picture)
        red, green, blue = pixels[:, :, :3].mean(axis=(0, 1))
        colour = f"#{round(red):02x}{round(green):02x}{round(blue):02x}"
        return colour.upper() if upper_case else colour
