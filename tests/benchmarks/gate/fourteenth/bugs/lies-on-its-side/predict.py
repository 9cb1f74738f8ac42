"""A small preview of a photo."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


def read_photo(path):
    try:
        photo = Image.open(path)
        photo.load()
    except Exception as error:
        raise ValueError("the photo cannot be read") from error
    if photo.mode.startswith(("I", "F")):
        raise ValueError("a photo of more than 8 bits per channel is not taken")
    return photo.convert("RGB")


class Predictor(BasePredictor):
    """Makes previews."""

    def predict(
        self,
        photo: Path = Input(description="The photo, as the camera or phone saved it."),
        longest_side: int = Input(
            description="No side of the preview is longer (pixels).", default=128, ge=16, le=1024
        ),
        border: int = Input(description="White border in pixels.", default=0, ge=0, le=32),
        quality: int = Input(description="JPEG quality.", default=85, ge=30, le=95),
    ) -> Path:
        """A JPEG preview that stands upright as the photo does in any viewer."""
        preview = read_photo(photo)
        inner = max(1, longest_side - 2 * border)
        preview.thumbnail((inner, inner))
        if border:
            width, height = preview.size
            border = min(border, (longest_side - 1) // 2)
            sheet = Image.new("RGB", (width + 2 * border, height + 2 * border), "white")
            sheet.paste(preview, (border, border))
            preview = sheet
        with tempfile.NamedTemporaryFile(suffix=".jpg", delete=False) as out:
            preview.save(out, "JPEG", quality=quality)
        return Path(out.name)
