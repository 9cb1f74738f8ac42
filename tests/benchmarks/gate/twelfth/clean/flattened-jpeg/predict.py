"""Small JPEG versions of pictures for mail."""

import re
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw, ImageOps


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or a round one of ours."""
    if path is None:
        picture = Image.new("RGBA", (80, 60), (0, 0, 0, 0))
        ImageDraw.Draw(picture).ellipse((5, 5, 74, 54), fill=(40, 120, 90, 200))
        return picture
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 2000 pixels a side") from error


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 2000 pixels a side, of which the "
            "first frame counts. Ours without one.",
            default=None,
        ),
        side: int = Input(
            description="The longer side has at most this many pixels; small pictures stay small.",
            default=64,
            ge=16,
            le=1024,
        ),
        background: str = Input(
            description="JPEG has no transparency: what is transparent lies on this colour.",
            default="#ffffff",
            regex=r"^#[0-9a-fA-F]{6}$",
        ),
        quality: int = Input(
            description="Lower is smaller, and loses more.", default=70, ge=1, le=95
        ),
        grey: bool = Input(description="Without colour.", default=False),
    ) -> Path:
        """Make a JPEG. Metadata is not taken along."""
        if not re.fullmatch("#[0-9a-fA-F]{6}", background):
            raise ValueError("background is a colour as #rrggbb")
        image = read_picture(picture)
        image.thumbnail((side, side))
        paper = Image.new("RGBA", image.size, background)
        flat = Image.alpha_composite(paper, image).convert("L" if grey else "RGB")
        target = Path(tempfile.mkdtemp()) / "small.jpg"
        flat.save(target, quality=quality)
        return target
