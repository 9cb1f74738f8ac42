"""Paints over a start image."""

import random
import tempfile
import zlib

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LONGEST = 768


def start_image(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                raise ValueError("only up to 4 megapixels of 8 bits")
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:
        raise ValueError("image: no picture of 8 bits and up to 4 megapixels") from error
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    if max(picture.size) > LONGEST:
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return np.asarray(picture.convert("RGB")).astype(np.float64)


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="Input prompt", default="an old postcard"),
        image: Path = Input(
            description="Start image, 8 bits, up to 4 megapixels. "
            "Shrunk to 768 pixels on its longer side if it is larger; "
            "transparent parts become white."
        ),
        prompt_strength: float = Input(
            description="1.0 replaces the start image, 0.0 gives it back unchanged",
            ge=0,
            le=1,
            default=0.5,
        ),
        num_outputs: int = Input(description="Number of images to output", ge=1, le=4, default=1),
        seed: int = Input(description="-1 for a random seed", ge=-1, le=2147483647, default=-1),
    ) -> list[Path]:
        if seed == -1:
            seed = random.randint(0, 2147483647)
            print(f"seed: {seed}")
        start = start_image(image)
        height, width = start.shape[:2]
        code = zlib.crc32(prompt.strip().encode("utf-8", "replace"))
        results = []
        folder = Path(tempfile.mkdtemp())
        for index in range(num_outputs):
            rng = np.random.default_rng((seed, index, code))
            waves = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
            size = (width, height)
            dream = Image.fromarray(waves).resize(size, Image.Resampling.BICUBIC)
            mixed = start * (1 - prompt_strength) + np.asarray(dream) * prompt_strength
            out = folder / f"out-{index}.png"
            Image.fromarray(np.round(mixed).astype(np.uint8)).save(out)
            results.append(out)
        return results
