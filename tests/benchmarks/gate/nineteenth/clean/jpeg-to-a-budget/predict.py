"""Makes a JPEG that fits into a number of kilobytes, if one can be made."""

import io
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

GROUNDS = ["white", "black", "grey"]


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture, at most 1024 pixels on a side."),
        kilobytes: int = Input(
            description="The size to aim at, in 1000 bytes. If even quality 10 is larger, the "
            "result is the one of quality 10, and larger.",
            default=100,
            ge=1,
            le=2000,
        ),
        background: str = Input(
            description="What is laid under transparent parts, as JPEG has none.",
            default="white",
            choices=GROUNDS,
        ),
    ) -> Path:
        """A JPEG of quality 90, 80 and so on down to 10: the first that fits. Details are lost."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        if max(picture.size) > 1024:
            raise ValueError("image is larger than 1024 pixels on a side")
        ground = Image.new("RGBA", picture.size, background)
        flat = Image.alpha_composite(ground, picture).convert("RGB")
        data = b""
        for quality in range(90, 0, -10):
            buffer = io.BytesIO()
            flat.save(buffer, "JPEG", quality=quality)
            data = buffer.getvalue()
            if len(data) <= kilobytes * 1000:
                break
        out = Path(tempfile.gettempdir()) / "fitted.jpg"
        out.write_bytes(data)
        return out
