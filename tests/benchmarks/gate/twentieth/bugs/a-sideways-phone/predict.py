"""Puts a passe-partout around a photo."""

import os
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image

SHADES = {"white": (255, 255, 255), "black": (0, 0, 0), "cream": (250, 243, 224)}


def load_photo(path: Path) -> Image.Image:
    """Read the first frame of a photo with its transparency."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("photo has more than 1024 pixels a side")
            if opened.mode.startswith(("I", "F")):
                raise ValueError("photo must have 8 bits a channel")
            return opened.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("photo is not a picture that can be read") from error


class Predictor(BasePredictor):
    def predict(
        self,
        photo: Path = Input(
            description="Photo, as it comes from a phone or camera, 8 bits a channel, at most "
            "1024 pixels a side; what is transparent takes the shade of the frame"
        ),
        border: int = Input(description="Width of the frame in pixels", ge=0, le=200, default=24),
        shade: str = Input(
            description="Shade of the frame", choices=["white", "black", "cream"], default="white"
        ),
    ) -> Path:
        """Frame the photo; the JPEG shows it the same way up as viewers show the original."""
        inner = load_photo(photo)
        size = (inner.width + 2 * border, inner.height + 2 * border)
        framed = Image.new("RGB", size, SHADES[shade])
        framed.paste(inner, (border, border), mask=inner)
        handle, name = tempfile.mkstemp(suffix=".jpg")
        os.close(handle)
        framed.save(name, format="JPEG", quality=92)
        return Path(name)
