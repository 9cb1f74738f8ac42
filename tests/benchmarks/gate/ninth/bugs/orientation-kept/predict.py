"""Turns photographs upright."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    """For galleries whose viewers show pixels as they are stored, and for those that do not."""

    def predict(
        self,
        image: Path = Input(description="Photograph with 8 bits per channel, 4096 a side at most."),
        quality: int = Input(description="JPEG quality.", default=90, ge=50, le=95),
        keep_notes: bool = Input(description="Keep what the camera noted.", default=True),
    ) -> Path:
        """A JPEG that every viewer shows upright; transparent parts become white."""
        try:
            with Image.open(image) as file:
                if max(file.size) > 4096 or file.mode[0] in "IF":
                    raise ValueError("size or depth")
                notes = file.getexif()
                extra = notes.tobytes() if keep_notes and len(notes) else b""
                upright = ImageOps.exif_transpose(file).convert("RGBA")
        except Exception as error:
            raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error
        page = Image.new("RGBA", upright.size, "white")
        flat = Image.alpha_composite(page, upright).convert("RGB")
        if len(extra) > 60_000:
            raise ValueError("image: the camera's notes are too long for a JPEG")
        out = Path(tempfile.mkdtemp()) / "upright.jpg"
        flat.save(out, quality=quality, exif=extra)
        return out
