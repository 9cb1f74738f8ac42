"""What a photograph tells of itself; null for what it does not."""

from typing import Any

from cog import BasePredictor, Input, Path
from PIL import Image

EXIF, TAKEN, MAKE = 0x8769, 36867, 271


class Predictor(BasePredictor):
    def predict(self, photo: Path = Input(description="A photograph.")) -> dict[str, Any]:
        try:
            with Image.open(photo) as picture:
                size, about = picture.size, picture.getexif()
                taken = about.get_ifd(EXIF).get(TAKEN)
        except (OSError, SyntaxError):
            raise ValueError("photo is not a picture that can be read") from None
        made = about.get(MAKE)
        return {
            "width": size[0],
            "height": size[1],
            "taken": None if taken is None else str(taken),
            "camera": None if made is None else str(made),
        }
