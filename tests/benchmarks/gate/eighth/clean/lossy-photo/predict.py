"""Compresses photos for the web."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits. Turned upright; what is transparent becomes white."
        ),
        quality: int = Input(
            description="Lower is smaller, and loses more.", default=40, ge=1, le=95
        ),
        longest: int = Input(
            description="Larger pictures are made so small.", default=512, ge=1, le=2048
        ),
    ) -> Path:
        """Return a JPEG without EXIF."""
        try:
            with Image.open(image) as opened:
                if opened.mode[0] in "IF":
                    raise ValueError("deeper than 8 bits")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("The file is not a picture of 8 bits that can be read.") from error
        picture.thumbnail((longest, longest))
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            flat.save(file, "JPEG", quality=quality)
        return Path(file.name)
