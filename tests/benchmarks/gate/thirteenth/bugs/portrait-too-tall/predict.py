"""Scales pictures for a gallery."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Output(BaseModel):
    """The scaled picture and its size in pixels."""

    image: Path
    width: int
    height: int


class Predictor(BasePredictor):
    """Scales to a common size."""

    def predict(
        self,
        image: Path = Input(description="A picture."),
        side: int = Input(
            description="Length of the longer side of the result, in pixels.",
            default=96,
            ge=8,
            le=512,
        ),
        sharp: bool = Input(description="Keep hard pixel edges.", default=False),
    ) -> Output:
        """A PNG of the same proportions; no side is shorter than a pixel."""
        try:
            with Image.open(image) as opened:
                picture = opened.convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise ValueError("image is not a picture that can be read") from None
        if max(picture.size) > 20 * min(picture.size):
            raise ValueError("image is more than 20 times as long as wide")
        width, height = side, max(1, round(picture.height * side / picture.width))
        how = Image.Resampling.NEAREST if sharp else Image.Resampling.LANCZOS
        made = picture.resize((width, height), how)
        made.info.clear()
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            made.save(file, format="PNG")
        return Output(image=Path(file.name), width=width, height=height)
