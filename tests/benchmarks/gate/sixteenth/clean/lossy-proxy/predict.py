"""Makes a small JPEG of a picture, for lists and previews."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 4096


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits per channel and at most 4096x4096 pixels. Others are "
            "refused. Of an animation the first frame counts."
        ),
        side: int = Input(
            description="How long the longer side is at most. Smaller pictures stay as they are.",
            default=256,
            ge=16,
            le=1024,
        ),
        quality: int = Input(
            description="Quality of the JPEG; low values show blocks.", default=60, ge=5, le=95
        ),
    ) -> Path:
        """A JPEG without metadata, upright; what was transparent is white. Colours may shift."""
        picture = read(image)
        picture.thumbnail((side, side))
        file = Path(tempfile.mkdtemp()) / "proxy.jpg"
        picture.save(file, quality=quality)
        return file


def read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if max(picture.size) > MAX_PIXELS or picture.mode.startswith(("I", "F")):
                raise ValueError("outside the limits")
            upright = ImageOps.exif_transpose(picture)
            layer = upright.convert("RGBA")
    except Exception as error:
        raise ValueError(
            "image cannot be read as a picture of 8 bits per channel and at most 4096x4096 pixels"
        ) from error
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
