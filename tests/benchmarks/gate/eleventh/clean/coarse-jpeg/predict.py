"""Makes pictures as small as possible, at the cost of what they look like."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST_SIDE = 3000


def read(path: Path) -> Image.Image:
    """Open a picture the right way up; what shows through it is white."""
    try:
        picture = Image.open(path)
        if picture.mode[0] in "IF":
            raise TypeError(picture.mode)
        if max(picture.size) > LARGEST_SIDE:
            raise OverflowError
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except OverflowError:
        raise ValueError(f"image: at most {LARGEST_SIDE} pixels a side") from None
    except Exception as error:
        raise ValueError("image: this file cannot be read as a picture") from error
    white = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(white, upright).convert("RGB")


class Predictor(BasePredictor):
    """Lossy on purpose."""

    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits a channel, at most 3000 pixels a side; "
            "others are refused. "
            "Transparent parts become white, and only the first frame is taken."
        ),
        side: int = Input(
            description="Longest side of the result; smaller pictures are not made larger.",
            default=320,
            ge=16,
            le=1024,
        ),
        quality: int = Input(
            description="JPEG quality; low ones show blocks and other colours.",
            default=20,
            ge=1,
            le=90,
        ),
        grey: bool = Input(description="Without colours.", default=False),
    ) -> Path:
        """A small JPEG."""
        picture = read(image)
        picture.thumbnail((side, side))
        if grey:
            picture = picture.convert("L")
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            picture.save(file, "JPEG", quality=quality, subsampling=2)
        return Path(file.name)
