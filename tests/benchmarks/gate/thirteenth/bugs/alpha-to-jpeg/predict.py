"""Makes pictures smaller and stores them in a format of choice."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image

SUFFIXES = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}


class Predictor(BasePredictor):
    """Shrinks a picture to fit a box."""

    def predict(
        self,
        image: Path = Input(description="A picture, PNG, JPEG, WebP or GIF."),
        box: int = Input(description="Side of the box in pixels.", default=128, ge=1, le=1024),
        format: str = Input(
            description="Format of the result.", default="png", choices=["png", "jpeg", "webp"]
        ),
        quality: int = Input(description="For jpeg and webp.", default=85, ge=1, le=95),
    ) -> Path:
        """The picture, no larger than the box."""
        try:
            with Image.open(image) as opened:
                transparent = "A" in opened.getbands() or "transparency" in opened.info
                picture = opened.convert("RGBA" if transparent else "RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise ValueError("image is not a picture that can be read") from None
        picture.thumbnail((box, box))
        options = {} if format == "png" else {"quality": quality}
        with tempfile.NamedTemporaryFile(suffix=SUFFIXES[format], delete=False) as file:
            picture.save(file, format=format, **options)
        return Path(file.name)
