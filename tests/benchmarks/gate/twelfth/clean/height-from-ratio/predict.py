"""Resizes pictures; a side that is left out follows from the other."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


class Resized(BaseModel):
    picture: Path
    width: int
    height: int


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or ours."""
    if path is None:
        return Image.linear_gradient("L").resize((90, 60)).convert("RGBA")
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 2000 pixels a side") from error


def follow(given: int, side: int, other: int) -> int:
    """The other side in the same proportion, between 1 and 1000 pixels."""
    return min(1000, max(1, round(given * other / side)))


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 2000 pixels a side, of which the "
            "first frame counts. Ours without one.",
            default=None,
        ),
        width: int | None = Input(
            description="Pixels. Left out, it follows from the height; with neither, the picture "
            "keeps its size.",
            default=None,
            ge=1,
            le=1000,
        ),
        height: int | None = Input(
            description="Pixels. Left out, it follows from the width, but is 1 to 1000.",
            default=None,
            ge=1,
            le=1000,
        ),
        method: str = Input(description="Filter.", default="lanczos", choices=list(FILTERS)),
    ) -> Resized:
        """Resize; the answer is a PNG."""
        image = read_picture(picture)
        if width is None and height is None:
            width, height = image.size
        elif width is None:
            width = follow(height, image.height, image.width)
        elif height is None:
            height = follow(width, image.width, image.height)
        target = Path(tempfile.mkdtemp()) / "resized.png"
        image.resize((width, height), FILTERS[method]).save(target, compress_level=1)
        return Resized(picture=target, width=width, height=height)
