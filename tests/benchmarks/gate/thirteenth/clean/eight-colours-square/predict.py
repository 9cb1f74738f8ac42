"""Turns pictures into icons of few colours."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

SIDE = 64


class Predictor(BasePredictor):
    """Icons are square and small, whatever the picture is."""

    def predict(
        self,
        image: Path = Input(description="A picture of at most 16 megapixels and 8 bits a channel."),
        colours: int = Input(description="At most so many colours.", default=8, ge=2, le=32),
        fit: str = Input(
            description="pad: the whole picture with grey around it. crop: its middle.",
            default="pad",
            choices=["pad", "crop"],
        ),
    ) -> Path:
        """A PNG of 64 by 64 pixels with a palette; transparency is dropped."""
        try:
            with Image.open(image) as opened:
                if opened.width * opened.height > 16_000_000 or opened.mode[0] in "IF":
                    raise ValueError
                picture = ImageOps.exif_transpose(opened).convert("RGB")
        except Exception:
            raise ValueError("image is not a picture that can be read, or too large") from None
        if fit == "crop":
            made = ImageOps.fit(picture, (SIDE, SIDE))
        else:
            scale = SIDE / max(picture.size)
            size = tuple(max(1, round(length * scale)) for length in picture.size)
            made = Image.new("RGB", (SIDE, SIDE), (128, 128, 128))
            made.paste(picture.resize(size), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
        few = made.quantize(colours)
        few.info.clear()
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            few.save(file, format="PNG")
        return Path(file.name)
