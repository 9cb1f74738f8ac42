"""Brings pictures to a size."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def opened(path):
    """The picture, upright and over white."""
    try:
        with Image.open(path) as file:
            if max(file.size) > 4096 or file.mode[0] in "IF":
                raise ValueError("size or depth")
            upright = ImageOps.exif_transpose(file).convert("RGBA")
    except Exception as error:
        raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error
    page = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(page, upright).convert("RGB")


class Predictor(BasePredictor):
    """For uploads that must fit a form."""

    def predict(
        self,
        image: Path = Input(description="Picture; transparent parts become white."),
        width: int | None = Input(
            description="New width. Not given: as the proportions say, 2048 at most.",
            default=None,
            ge=1,
            le=800,
        ),
        height: int | None = Input(
            description="New height. Not given: as the proportions say, 2048 at most.",
            default=None,
            ge=1,
            le=800,
        ),
    ) -> Path:
        """A PNG of that size; with neither, of the size it had."""
        picture = opened(image)
        if width is not None or height is not None:
            if height is None:
                height = min(2048, max(1, round(picture.height * width / picture.width)))
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)
        out = Path(tempfile.mkdtemp()) / "sized.png"
        picture.save(out)
        return out
