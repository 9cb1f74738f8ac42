"""Make a small JPEG preview of a picture."""

import io
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 1_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    """Read a picture the way up that viewers show it."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as picture:
            pixels, mode = picture.width * picture.height, picture.mode
            if pixels <= LARGEST and mode in MODES:
                layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("this is not a PNG or JPEG picture that can be read") from error
    if pixels > LARGEST or mode not in MODES:
        raise ValueError("only pictures of 8 bits a channel and up to 1 million pixels are taken")
    return layer


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel and at most 1 million pixels."
        ),
        side: int = Input(
            description="The longer side of the preview; smaller pictures stay as they are.",
            default=128,
            ge=8,
            le=1024,
        ),
        quality: int = Input(
            description="How true the JPEG file is; low ones show blocks.", default=60, ge=5, le=95
        ),
        backdrop: str = Input(
            description="What shows through transparent parts, as JPEG has none.",
            default="white",
            choices=["white", "black"],
        ),
    ) -> Path:
        """Return a JPEG file without any data about the camera."""
        layer = load(image)
        flat = Image.alpha_composite(Image.new("RGBA", layer.size, backdrop), layer).convert("RGB")
        if max(flat.size) > side:
            scale = side / max(flat.size)
            size = tuple(max(1, round(length * scale)) for length in flat.size)
            flat = flat.resize(size, Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        flat.save(buffer, format="JPEG", quality=quality)
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
