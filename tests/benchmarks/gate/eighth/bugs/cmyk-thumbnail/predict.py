"""Makes thumbnails of pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Any picture: JPEG, PNG, GIF, TIFF or WebP."),
        edge: int = Input(description="Longest edge in pixels.", default=96, ge=8, le=1024),
        crop: bool = Input(description="Cut it square first.", default=False),
    ) -> Path:
        """Return the thumbnail as PNG, in the colours of the picture."""
        try:
            with Image.open(image) as opened:
                picture = ImageOps.exif_transpose(opened)
        except Exception as error:
            raise ValueError("The file is not a picture that can be read.") from error
        if crop:
            side = min(picture.size)
            left, top = (picture.width - side) // 2, (picture.height - side) // 2
            picture = picture.crop((left, top, left + side, top + side))
        picture.thumbnail((edge, edge))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            picture.save(file, "PNG")
        return Path(file.name)
