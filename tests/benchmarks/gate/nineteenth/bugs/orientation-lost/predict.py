"""Makes square or fitted thumbnails of photographs."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        photo: Path = Input(
            description="A photograph as a camera or telephone stores it: JPEG, PNG or WebP."
        ),
        side: int = Input(
            description="The longest side of the thumbnail in pixels.", default=96, ge=16, le=512
        ),
        square: bool = Input(
            description="Cut the middle out, so that the thumbnail is square.", default=False
        ),
    ) -> Path:
        """A JPEG as viewers show the photograph, upright, without its other data."""
        try:
            with Image.open(photo) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                picture = opened.convert("RGBA")
        except Exception as error:
            raise ValueError("photo is not a picture that can be read") from error
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
        if square:
            picture = ImageOps.fit(picture, (side, side))
        else:
            factor = side / max(picture.size)
            size = [max(1, round(length * factor)) for length in picture.size]
            picture = picture.resize((size[0], size[1]), Image.Resampling.LANCZOS)
        out = Path(tempfile.gettempdir()) / "thumbnail.jpg"
        picture.save(out, quality=88)
        return out
