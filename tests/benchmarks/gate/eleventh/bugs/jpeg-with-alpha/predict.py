"""Makes previews of pictures in a format for the web."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST_SIDE = 4096
SUFFIXES = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}


def read(path: Path) -> Image.Image:
    """Open a picture in a mode that previews are made of."""
    try:
        picture = Image.open(path)
        if picture.mode[0] in "IF":
            raise TypeError(picture.mode)
        if max(picture.size) > LARGEST_SIDE:
            raise OverflowError
        picture = ImageOps.exif_transpose(picture)
        see_through = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
        return picture.convert("RGBA" if see_through else "RGB")
    except OverflowError:
        raise ValueError(f"image: at most {LARGEST_SIDE} pixels a side") from None
    except Exception as error:
        raise ValueError("image: this file cannot be read as a picture") from error


class Writer:
    """Saves a picture in one of the formats."""

    def __init__(self, format: str, quality: int) -> None:
        self.format = format
        self.options = {} if format == "png" else {"quality": quality}

    def save(self, picture: Image.Image) -> Path:
        """Write it to a file of its own."""
        with tempfile.NamedTemporaryFile(suffix=SUFFIXES[self.format], delete=False) as file:
            picture.save(file, self.format.upper(), **self.options)
        return Path(file.name)


class Predictor(BasePredictor):
    """Small pictures."""

    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits a channel, at most 4096 pixels a side."
        ),
        side: int = Input(
            description="Longest side of the preview in pixels; smaller ones stay as they are.",
            default=256,
            ge=16,
            le=1024,
        ),
        format: str = Input(
            description="Format of the preview.", default="png", choices=list(SUFFIXES)
        ),
        quality: int = Input(description="For jpeg and webp.", default=80, ge=1, le=95),
        grey: bool = Input(description="Without colours.", default=False),
    ) -> Path:
        """The preview."""
        picture = read(image)
        picture.thumbnail((side, side))
        if grey:
            picture = picture.convert("LA" if picture.mode == "RGBA" else "L")
        return Writer(format, quality).save(picture)
