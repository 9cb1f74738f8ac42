"""Colour effects for stickers."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw, ImageOps


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or a round sticker of ours."""
    if path is None:
        sticker = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
        ImageDraw.Draw(sticker).ellipse((4, 4, 59, 59), fill=(220, 140, 60, 255))
        return sticker
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 4 megapixels") from error


def warm(picture: Image.Image) -> Image.Image:
    """More red, less blue."""
    red, green, blue, alpha = picture.split()
    red = red.point(lambda value: min(255, value * 9 // 8))
    blue = blue.point(lambda value: value * 7 // 8)
    return Image.merge("RGBA", (red, green, blue, alpha))


def negative(picture: Image.Image) -> Image.Image:
    """Light for dark."""
    red, green, blue, alpha = picture.split()
    return Image.merge("RGBA", (*(ImageOps.invert(band) for band in (red, green, blue)), alpha))


def mono(picture: Image.Image) -> Image.Image:
    """Grey."""
    return ImageOps.grayscale(picture).convert("RGBA")


EFFECTS = {"warm": warm, "negative": negative, "mono": mono}


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 4 megapixels. Its transparency is "
            "kept. A sticker of ours without one.",
            default=None,
        ),
        effect: str = Input(description="Which.", default="warm", choices=list(EFFECTS)),
        size: int = Input(
            description="The longer side is at most this many pixels.", default=256, ge=8, le=1024
        ),
        border: int = Input(
            description="Transparent pixels around the picture.", default=0, ge=0, le=64
        ),
    ) -> Path:
        """Apply the effect and return a PNG."""
        image = read_picture(picture)
        image.thumbnail((size, size))
        image = EFFECTS[effect](image)
        framed = Image.new("RGBA", (image.width + 2 * border, image.height + 2 * border))
        framed.paste(image, (border, border))
        target = Path(tempfile.mkdtemp()) / "sticker.png"
        framed.save(target)
        return target
