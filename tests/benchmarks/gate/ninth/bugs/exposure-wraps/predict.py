"""Lightens or darkens a photograph."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def opened(path):
    """The picture, upright and over white."""
    try:
        with Image.open(path) as file:
            if max(file.size) > 4096 or file.mode[0] in "IF":
                raise ValueError("size or depth")
            upright = ImageOps.exif_transpose(file).convert("RGBA")
    except Exception as error:
        raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error
    page = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(page, upright).convert("RGB")


class Predictor(BasePredictor):
    """Exposure, as a slider of a photo editor has it."""

    def predict(
        self,
        image: Path = Input(description="Photograph; transparent parts count as white."),
        exposure: int = Input(
            description="Added to every channel; values end at 0 and 255.",
            default=10,
            ge=-100,
            le=100,
        ),
    ) -> Path:
        """The photograph with another exposure, as a PNG of the same size."""
        pixels = np.asarray(opened(image))
        amount = np.full_like(pixels, abs(exposure))
        if exposure >= 0:
            changed = np.minimum(pixels + amount, 255)
        else:
            changed = np.where(pixels > amount, pixels - amount, 0)
        out = Path(tempfile.mkdtemp()) / "exposed.png"
        Image.fromarray(changed.astype(np.uint8)).save(out)
        return out
