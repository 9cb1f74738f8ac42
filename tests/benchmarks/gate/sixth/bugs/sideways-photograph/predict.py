"""A photograph for a profile: upright and not larger than it may be."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        photo: Path = Input(description="A photograph, as it comes from a phone."),
        side: int = Input(description="Longest side in pixels.", default=128, ge=16, le=1024),
        quality: int = Input(description="Of the JPEG.", default=80, ge=10, le=95),
    ) -> Path:
        try:
            picture = Image.open(photo)
            picture = picture.convert("RGB")
        except OSError:
            raise ValueError("photo cannot be read as a picture") from None
        picture.thumbnail((side, side))
        bare = Image.new("RGB", picture.size)
        bare.paste(picture)
        bare.save("/tmp/profile.jpg", quality=quality)
        return Path("/tmp/profile.jpg")
