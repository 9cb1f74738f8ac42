"""Sharpens pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture of at most 1 megapixel. Transparency, if it has any, is kept."
        ),
        radius: float = Input(
            description="How far the sharpening reaches, in pixels.", default=2.0, ge=0.1, le=10
        ),
        percent: int = Input(
            description="Strength; 0 leaves the colours as they are.", default=120, ge=0, le=400
        ),
    ) -> Path:
        """The sharpened picture, as PNG."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                picture = ImageOps.exif_transpose(opened)
                picture = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        if picture.width * picture.height > 1_000_000:
            raise ValueError("image has more than 1 megapixel")
        colours = picture.convert("RGB")
        colours.info.clear()
        if percent:
            colours = colours.filter(ImageFilter.UnsharpMask(radius, percent, threshold=1))
        if picture.mode == "RGBA":
            colours.putalpha(picture.getchannel("A"))
        out = Path(tempfile.gettempdir()) / "sharpened.png"
        colours.save(out)
        return out
