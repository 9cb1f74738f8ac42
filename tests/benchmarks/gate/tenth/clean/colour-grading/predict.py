"""Looks, contrast and white balance for photos."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageEnhance, ImageOps

LOOKS = {
    "none": (1.0, 1.0, 1.0),
    "sunset": (1.12, 0.98, 0.85),
    "forest": (0.92, 1.08, 0.92),
    "night": (0.75, 0.82, 1.05),
}


def load(path: Path) -> tuple[Image.Image, Image.Image]:
    """Colours and alpha, the right way up."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000:
                raise ValueError("image may have up to 2000 pixels per side")
            if opened.mode.startswith("I;16"):
                opened = Image.fromarray((np.asarray(opened) >> 8).astype(np.uint8))
            elif opened.mode in ("I", "F"):
                raise ValueError("images of 32 bits per channel are not supported")
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is damaged or not an image") from error
    return picture.convert("RGB"), picture.getchannel("A")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Image to grade, up to 2000 pixels per side"),
        look: str = Input(description="Ready-made look", default="none", choices=list(LOOKS)),
        brightness: float = Input(description="1 leaves it as it is", default=1, ge=0, le=3),
        contrast: float = Input(description="1 leaves it as it is", default=1, ge=0, le=3),
        saturation: float = Input(description="0 is grey, 1 as it is", default=1, ge=0, le=3),
        temperature: int = Input(
            description="-100 (cold, blue) ... 0 (as it is) ... 100 (warm, yellow)",
            default=0,
            ge=-100,
            le=100,
        ),
        output_format: str = Input(
            description="png keeps transparency, jpg puts it on white",
            default="png",
            choices=["png", "jpg"],
        ),
    ) -> Path:
        picture, alpha = load(image)
        picture = ImageEnhance.Brightness(picture).enhance(brightness)
        picture = ImageEnhance.Contrast(picture).enhance(contrast)
        picture = ImageEnhance.Color(picture).enhance(saturation)
        gains = np.array(LOOKS[look]) * (1 + temperature / 400, 1, 1 - temperature / 400)
        pixels = np.clip(np.round(np.asarray(picture) * gains), 0, 255).astype(np.uint8)
        graded = Image.fromarray(pixels)
        out = Path(tempfile.mkdtemp()) / f"graded.{output_format}"
        if output_format == "jpg":
            Image.composite(graded, Image.new("RGB", graded.size, "white"), alpha).save(
                out, quality=95
            )
            return out
        if alpha.getextrema() != (255, 255):
            graded.putalpha(alpha)
        graded.save(out, compress_level=3)
        return out
