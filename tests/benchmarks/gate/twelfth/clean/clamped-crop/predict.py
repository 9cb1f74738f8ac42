"""Cuts a part out of a picture."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Part(BaseModel):
    picture: Path
    left: int
    top: int
    width: int
    height: int


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or ours."""
    if path is None:
        return Image.radial_gradient("L").resize((100, 80)).convert("RGBA")
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 2000 pixels a side") from error


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 2000 pixels a side, of which the "
            "first frame counts. Ours without one.",
            default=None,
        ),
        left: int = Input(
            description="First column, from 0. A box that leaves the picture is made smaller or "
            "moved to its last pixel; the answer tells the box that was cut.",
            default=10,
            ge=0,
            le=10000,
        ),
        top: int = Input(description="First row, from 0.", default=10, ge=0, le=10000),
        width: int = Input(description="Columns.", default=40, ge=1, le=10000),
        height: int = Input(description="Rows.", default=40, ge=1, le=10000),
        padding: int = Input(
            description="Pixels more on each side, as far as there are any.",
            default=0,
            ge=0,
            le=100,
        ),
    ) -> Part:
        """Cut the box out and return it as PNG."""
        image = read_picture(picture)
        right = min(image.width, left + width + padding)
        bottom = min(image.height, top + height + padding)
        first = max(0, min(left - padding, image.width - 1))
        upper = max(0, min(top - padding, image.height - 1))
        target = Path(tempfile.mkdtemp()) / "part.png"
        image.crop((first, upper, right, bottom)).save(target)
        return Part(
            picture=target, left=first, top=upper, width=right - first, height=bottom - upper
        )
