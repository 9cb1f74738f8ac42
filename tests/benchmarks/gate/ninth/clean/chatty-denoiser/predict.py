"""Paints over a picture with grain and takes it away again."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

SIDE = 192


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
    """Each step keeps 70 % of the grain that is left."""

    def predict(
        self,
        image: Path = Input(
            description="Picture; transparent parts count as white. It is made smaller if a side "
            "has more than 192 pixels, and never larger."
        ),
        strength: float = Input(
            description="Grain at the beginning. At 0 there is none, and steps and seed have no "
            "effect.",
            default=0.5,
            ge=0,
            le=1,
        ),
        steps: int = Input(
            description="After about 20 steps nothing of the grain is left to see.",
            default=6,
            ge=1,
            le=40,
        ),
        seed: int = Input(description="Of the grain.", default=0, ge=0, le=2**32 - 1),
    ) -> Path:
        """A PNG without transparency; the log has a line for each step."""
        picture = opened(image)
        picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        target = np.asarray(picture, dtype=np.float64)
        grain = np.random.default_rng(seed).normal(size=target.shape) * 128 * strength
        for step in range(1, steps + 1):
            grain *= 0.7
            print(f"step {step}/{steps}: grain {np.abs(grain).mean():.3f}")
        out = Path(tempfile.mkdtemp()) / "painted.png"
        Image.fromarray(np.clip(target + grain, 0, 255).round().astype(np.uint8)).save(out)
        return out
