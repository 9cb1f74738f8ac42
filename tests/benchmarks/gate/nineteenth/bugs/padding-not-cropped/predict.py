"""Enlarges pictures and brings out their edges, in blocks of 8 pixels as its network wants them."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

BLOCK = 8


def load(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as image:
            if image.mode in ("I", "F"):
                raise ValueError("more than 16 bits to a channel")
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    if max(picture.size) > 512:
        raise ValueError("image is larger than 512 pixels on a side")
    return np.asarray(picture, np.float32)


def enhance(pixels: np.ndarray, edges: float) -> np.ndarray:
    """Add to each block what its pixels differ from its mean."""
    high, wide = pixels.shape[0] // BLOCK, pixels.shape[1] // BLOCK
    blocks = pixels.reshape(high, BLOCK, wide, BLOCK, 3)
    means = blocks.mean(axis=(1, 3), keepdims=True)
    return (blocks + edges * (blocks - means)).reshape(pixels.shape)


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture, at most 512 pixels on a side."),
        scale: int = Input(
            description="The result has exactly so many times the width and height.",
            default=2,
            ge=1,
            le=4,
        ),
        edges: float = Input(
            description="How much edges are brought out.", default=0.2, ge=0, le=1
        ),
    ) -> Path:
        """The enlarged picture, as PNG."""
        pixels = load(image)
        lower, right = (-side % BLOCK for side in pixels.shape[:2])
        pixels = np.pad(pixels, ((0, lower), (0, right), (0, 0)), mode="edge")
        result = Image.fromarray(np.clip(enhance(pixels, edges), 0, 255).astype(np.uint8))
        size = (result.width * scale, result.height * scale)
        out = Path(tempfile.gettempdir()) / "enhanced.png"
        result.resize(size, Image.Resampling.LANCZOS).save(out)
        return out
