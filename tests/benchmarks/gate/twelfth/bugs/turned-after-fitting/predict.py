"""Previews: turns a picture and fits it into a box."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or ours."""
    if path is None:
        return Image.linear_gradient("L").resize((320, 200)).convert("RGB")
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 4 megapixels") from error


def fit(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Scale down, keeping the proportions; never up."""
    share = min(1.0, width / picture.width, height / picture.height)
    size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
    return picture.resize(size, Image.Resampling.LANCZOS)


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 4 megapixels; ours without one.",
            default=None,
        ),
        max_width: int = Input(
            description="The preview is at most this wide.", default=160, ge=16, le=1024
        ),
        max_height: int = Input(
            description="The preview is at most this high.", default=120, ge=16, le=1024
        ),
        turn: int = Input(description="Degrees, clockwise.", default=0, choices=[0, 90, 180, 270]),
        mirror: bool = Input(description="Left for right.", default=False),
        quality: int = Input(description="Of the JPEG.", default=85, ge=10, le=95),
    ) -> Path:
        """Make a preview."""
        image = fit(read_picture(picture), max_width, max_height)
        if mirror:
            image = ImageOps.mirror(image)
        if turn:
            image = image.rotate(-turn, expand=True)
        target = Path(tempfile.mkdtemp()) / "preview.jpg"
        image.save(target, quality=quality)
        return target
