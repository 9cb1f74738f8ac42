"""The commonest colours of a picture, or a refusal of what is none."""

from cog import BasePredictor, Input, Path
from PIL import Image, UnidentifiedImageError


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        colours: int = Input(description="How many.", default=4, ge=1, le=16),
    ) -> list[str]:
        try:
            picture = Image.open(image).convert("RGB").resize((32, 32))
        except (UnidentifiedImageError, OSError, SyntaxError):
            raise ValueError("image is not a picture that can be read") from None
        counted = sorted(picture.getcolors(1024), reverse=True)[:colours]
        return [f"{count} #{red:02x}{green:02x}{blue:02x}" for count, (red, green, blue) in counted]
