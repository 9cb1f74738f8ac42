"""Sharpening of pictures by an unsharp mask."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter, ImageOps

PERCENT = 150
THRESHOLD = 2


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or ours."""
    if path is None:
        return Image.radial_gradient("L").resize((96, 96)).convert("RGB")
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 4 megapixels") from error


def sharpen(
    picture: Image.Image, radius: float, percent: int = PERCENT, threshold: int = THRESHOLD
) -> Image.Image:
    """Add what a blur takes away."""
    return picture.filter(ImageFilter.UnsharpMask(radius, percent, threshold))


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 4 megapixels; ours without one.",
            default=None,
        ),
        radius: float = Input(description="Radius of the blur.", default=2.0, ge=0.5, le=10.0),
        amount: float = Input(
            description="How much is added: 0 leaves the picture as it is, 1.5 is usual.",
            default=1.5,
            ge=0.0,
            le=5.0,
        ),
        threshold: int = Input(
            description="Smaller differences are left alone.", default=2, ge=0, le=50
        ),
        grey: bool = Input(description="Return a grey picture.", default=False),
    ) -> Path:
        """Sharpen a picture."""
        image = read_picture(picture)
        percent = round(amount * 100)
        if percent > 0:
            image = sharpen(image, radius, threshold=threshold)
        if grey:
            image = ImageOps.grayscale(image)
        target = Path(tempfile.mkdtemp()) / "sharp.png"
        image.save(target)
        return target
