"""A toy sampler that clears a picture of clouds from noise, step by step."""

import random
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


def smooth(field: np.ndarray) -> np.ndarray:
    """The mean of each point and its four neighbours; the borders meet."""
    shifted = [np.roll(field, by, axis) for axis in (0, 1) for by in (-1, 1)]
    return (field + sum(shifted)) / 5


class Predictor(BasePredictor):
    def predict(
        self,
        size: int = Input(description="Side of the picture in pixels.", default=48, ge=16, le=256),
        steps: int = Input(description="Denoising steps.", default=12, ge=1, le=50),
        contrast: float = Input(description="Contrast of the clouds.", default=1.0, ge=0, le=3),
        seed: int | None = Input(
            description="The same seed gives the same picture. Leave empty for another each time.",
            default=None,
            ge=0,
            le=2**32 - 1,
        ),
    ) -> Path:
        """A grey picture of clouds."""
        seed = seed or random.SystemRandom().randrange(2**32)
        rng = np.random.default_rng(seed)
        field = rng.standard_normal((size, size))
        for step in range(steps):
            left = 1 - (step + 1) / steps
            field = smooth(field) + 0.1 * left * rng.standard_normal(field.shape)
        field = (field - field.mean()) / (field.std() + 1e-6)
        grey = np.clip(128 + 42 * contrast * field, 0, 255).astype(np.uint8)
        out = Path(tempfile.gettempdir()) / "clouds.png"
        Image.fromarray(grey).save(out)
        return out
