"""Puts a picture on a background."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture with a transparent background."),
        background_color: str = Input(description="Colour as hex.", default="#ffffff"),
        padding: int = Input(description="Pixels around it.", default=0, ge=0, le=64),
    ) -> Path:
        try:
            picture = Image.open(str(image)).convert("RGBA")
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        picture.thumbnail((128, 128))
        code = background_color.lstrip("#")
        colour = tuple(int(code[at : at + 2], 16) for at in (0, 2, 4))
        size = (picture.width + 2 * padding, picture.height + 2 * padding)
        out = Image.new("RGB", size, colour)
        out.paste(picture, (padding, padding), picture)
        out.save("/tmp/short-hex-colour.png")
        return Path("/tmp/short-hex-colour.png")
