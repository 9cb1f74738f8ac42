"""Puts pictures on a white ground, for printing."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    """Flattens pictures."""

    def predict(
        self,
        image: Path = Input(
            description="A picture of any kind. What is transparent in it becomes white."
        ),
        grey: bool = Input(description="Make it grey.", default=False),
    ) -> Path:
        """A PNG of the same size without transparency."""
        try:
            with Image.open(image) as opened:
                opened.load()
                picture = opened.copy()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise ValueError("image is not a picture that can be read") from None
        if picture.mode in ("RGBA", "LA", "PA"):
            layer = picture.convert("RGBA")
            picture = Image.new("RGBA", layer.size, "white")
            picture.alpha_composite(layer)
        picture = picture.convert("RGB")
        if grey:
            picture = picture.convert("L")
        picture.info.clear()
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            picture.save(file, format="PNG")
        return Path(file.name)
