"""Lays the grain of old film over pictures."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture of at most 4 megapixels."),
        strength: int = Input(
            description="Grain brightens a pixel by this at most, of 255, and never darkens it.",
            default=24,
            ge=0,
            le=100,
        ),
        monochrome: bool = Input(description="The same grain for all colours.", default=True),
        seed: int = Input(description="Same seed, same grain.", default=0, ge=0, le=2**31 - 1),
    ) -> Path:
        """The picture with grain, as PNG without transparency."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                picture = ImageOps.exif_transpose(opened).convert("RGB")
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        if picture.width * picture.height > 4_000_000:
            raise ValueError("image has more than 4 megapixels")
        pixels = np.asarray(picture)
        shape = (*pixels.shape[:2], 1 if monochrome else 3)
        rng = np.random.default_rng(seed)
        grain = rng.integers(0, strength, shape, dtype=np.uint8, endpoint=True)
        out = Path(tempfile.gettempdir()) / "grain.png"
        Image.fromarray(pixels + grain).save(out)
        return out
