"""Makes small JPEG previews for web pages."""

import os
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says, in RGB on white."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        picture = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture, 8 bits a channel, at most 1024 pixels a side, others are "
            "refused; transparent parts turn white, of an animation the first frame is taken"
        ),
        longest_side: int = Input(
            description="The preview's longest side in pixels; smaller pictures keep their size",
            ge=16,
            le=1024,
            default=256,
        ),
        quality: int = Input(
            description="JPEG quality; the lower, the smaller the file and the more is lost",
            ge=5,
            le=95,
            default=60,
        ),
        grey: bool = Input(description="Drop the colours", default=False),
    ) -> Path:
        """Give the preview the way up that viewers show the picture, without its metadata."""
        picture = load_picture(image)
        scale = min(1.0, longest_side / max(picture.size))
        size = tuple(max(1, round(side * scale)) for side in picture.size)
        preview = picture.resize(size, Image.Resampling.LANCZOS)
        if grey:
            preview = preview.convert("L")
        handle, name = tempfile.mkstemp(suffix=".jpg")
        os.close(handle)
        preview.save(name, format="JPEG", quality=quality)
        return Path(name)
