"""A picture put on a square of the colour that its corner has."""

from cog import BasePredictor, Input, Path
from PIL import Image


def lighter(colour: tuple[int, int, int], by: float) -> tuple[int, ...]:
    """The colour on its way to white."""
    red, green, blue = colour
    return tuple(round(one + (255 - one) * by) for one in (red, green, blue))


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture of a product, on a plain ground."),
        margin: int = Input(description="Pixels on each side.", default=8, ge=0, le=64),
        lighten: float = Input(description="How far to go to white.", default=0.2, ge=0, le=1),
    ) -> Path:
        try:
            picture = Image.open(image)
            picture.load()
        except OSError:
            raise ValueError("image cannot be read as a picture") from None
        picture.thumbnail((256, 256))
        if picture.mode in ("RGBA", "P"):
            picture = picture.convert("RGB")
        ground = lighter(picture.getpixel((0, 0)), lighten)
        side = max(picture.size) + 2 * margin
        square = Image.new("RGB", (side, side), ground)
        square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
        square.save("/tmp/square.png")
        return Path("/tmp/square.png")
