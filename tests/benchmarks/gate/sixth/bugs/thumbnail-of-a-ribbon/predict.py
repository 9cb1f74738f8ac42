"""A picture made small, in its own proportions."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture."),
        width: int = Input(description="Pixels across.", default=64, ge=8, le=512),
        format: str = Input(description="Kind of file.", default="png", choices=["png", "webp"]),
    ) -> Path:
        try:
            picture = Image.open(image).convert("RGB")
        except OSError:
            raise ValueError("image cannot be read as a picture") from None
        height = int(picture.height * width / picture.width)
        if height > 4096:
            raise ValueError("image is too tall for its width")
        small = picture.resize((width, height), Image.Resampling.LANCZOS)
        small.save(f"/tmp/small.{format}")
        return Path(f"/tmp/small.{format}")
