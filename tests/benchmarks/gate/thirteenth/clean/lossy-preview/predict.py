"""Previews of pictures: small, and not exact."""

import tempfile

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Output(BaseModel):
    """A JPEG, so colours are near those of the picture; size is that of the preview."""

    preview: Path
    width: int
    height: int


class Predictor(BasePredictor):
    """Makes JPEG previews."""

    def predict(
        self,
        image: Path = Input(
            description="A picture of at most 16 megapixels and 8 bits a channel; of an animation "
            "the first frame."
        ),
        longest: int = Input(
            description="No side of the preview is longer; smaller pictures stay as they are.",
            default=128,
            ge=16,
            le=512,
        ),
        quality: int = Input(description="As JPEG has it.", default=60, ge=5, le=95),
    ) -> Output:
        """Upright as the camera was held, what is transparent on white."""
        try:
            with Image.open(image) as opened:
                if opened.width * opened.height > 16_000_000 or opened.mode[0] in "IF":
                    raise ValueError
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception:
            raise ValueError("image is not a picture that can be read, or too large") from None
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright)
        made = ground.convert("RGB")
        made.thumbnail((longest, longest))
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as file:
            made.save(file, format="JPEG", quality=quality)
        return Output(preview=Path(file.name), width=made.width, height=made.height)
