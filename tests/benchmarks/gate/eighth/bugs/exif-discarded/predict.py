"""Measures and straightens photos from phones."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Upright(BaseModel):
    image: Path
    width: int
    height: int


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The photo, as the phone wrote it, of 8 bits per colour."),
        longest: int = Input(
            description="Make it smaller if its longest edge is longer.",
            default=800,
            ge=16,
            le=4000,
        ),
        grey: bool = Input(description="Without colours.", default=False),
    ) -> Upright:
        """Return the photo turned upright by its EXIF orientation, without EXIF, and its size."""
        try:
            with Image.open(image) as photo:
                if photo.mode[0] in "IF":
                    raise ValueError("deeper than 8 bits")
                ImageOps.exif_transpose(photo)
                upright = photo.convert("L" if grey else "RGB")
        except Exception as error:
            raise ValueError("The file is not a photo of 8 bits that can be read.") from error
        upright.thumbnail((longest, longest))
        upright.info.clear()
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            upright.save(file, "PNG", exif=b"")
        return Upright(image=Path(file.name), width=upright.width, height=upright.height)
