"""Save a picture with few bytes."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")


class Predictor(BasePredictor):
    """Small copies, with losses."""

    def setup(self) -> None:
        """Choose where the copy goes."""
        self.target = Path(tempfile.mkdtemp()) / "copy.jpg"

    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits a colour and up to 20 million points; of an animation "
            "the first frame"
        ),
        quality: int = Input(
            description="Low is small and blurred: colours and details are lost",
            default=40,
            ge=1,
            le=95,
        ),
        longest: int = Input(
            description="Larger pictures shrink to this side, smaller ones stay",
            default=512,
            ge=1,
            le=2048,
        ),
    ) -> Path:
        """Write a JPEG on white, without the data about camera and place."""
        try:
            with Image.open(str(image)) as opened:
                if opened.width * opened.height > 20_000_000:
                    raise ValueError("too many points")
                if opened.mode not in MODES:
                    raise ValueError("more than 8 bits, or strange colours")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("image must be a readable picture of 8 bits, up to 20 Mpx") from error
        picture.thumbnail((longest, longest))
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
        flat.save(str(self.target), format="JPEG", quality=quality)
        return self.target
