"""Turn and flip a picture."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")


class Output(BaseModel):
    """The changed picture and its size."""

    image: Path
    width: int
    height: int


def changed(picture: Image.Image, turn: int, flip: bool) -> Image.Image:
    """The picture in its new position."""
    if flip:
        return ImageOps.mirror(picture)
    if turn:
        return picture.rotate(-turn, expand=True)
    return picture


class Predictor(BasePredictor):
    """Simple moves for pictures."""

    def setup(self) -> None:
        """Choose where the picture goes."""
        self.target = Path(tempfile.mkdtemp()) / "moved.png"

    def predict(
        self,
        image: Path = Input(description="A picture of 8 bits a colour, up to 20 million points"),
        turn: int = Input(
            description="Degrees clockwise, done after the flip",
            default=0,
            choices=[0, 90, 180, 270],
        ),
        flip: bool = Input(description="Swap left and right, done before the turn", default=False),
        grey: bool = Input(description="Drop the colours", default=False),
    ) -> Output:
        """Flip, then turn, and write a PNG."""
        try:
            with Image.open(str(image)) as opened:
                if opened.width * opened.height > 20_000_000:
                    raise ValueError("image is too large")
                if opened.mode not in MODES:
                    raise ValueError("more than 8 bits, or strange colours")
                picture = opened.convert("RGBA")
        except Exception as error:
            raise ValueError("image must be a readable picture of 8 bits") from error
        picture = changed(picture, turn, flip)
        if grey:
            picture = picture.convert("LA")
        picture.save(str(self.target))
        return Output(image=self.target, width=picture.width, height=picture.height)
