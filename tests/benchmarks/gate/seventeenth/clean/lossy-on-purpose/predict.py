"""Makes pictures small enough to send."""

import io
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LIMIT = 2000


def upright(path):
    """The picture as a viewer shows it, on white."""
    try:
        with Image.open(path) as image:
            if max(image.size) > LIMIT or image.mode[0] in "IF":
                raise ValueError("too large or of too many bits")
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise ValueError(f"image: no picture of 8 bits and up to {LIMIT} pixels a side") from error
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture of 8 bits per channel, up to 2,000 pixels a side; other ones are "
            "refused. Transparent parts become white, and of an animation the first frame is used."
        ),
        kilobytes: int = Input(
            description="Size to aim for. Quality is lowered, from 90 to 30, until the file fits; "
            "if it does not fit at 30, it is as large as it then is.",
            default=40,
            ge=1,
            le=2000,
        ),
    ) -> Path:
        """The whole picture as a JPEG, the same width and height; details are lost."""
        picture = upright(image)
        packed = b""
        for quality in range(90, 29, -15):
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality)
            packed = buffer.getvalue()
            if len(packed) <= kilobytes * 1000:
                break
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            file.write(packed)
        return Path(file.name)
