"""A toy sampler that clears rings out of noise, with two schedulers."""

import tempfile
import zlib

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


def rings(text: str, size: int) -> np.ndarray:
    """What a text looks like: rings about a centre, both from its checksum."""
    x, y, width = np.random.default_rng(zlib.crc32(text.encode("utf-8", "replace"))).random(3)
    down, across = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    return np.cos((4 + 30 * width) * np.hypot(across - x, down - y))


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to show.", default="rain on a pond"),
        negative_prompt: str = Input(
            description="What not to show. It counts only if guidance is more than 1.", default=""
        ),
        guidance: float = Input(
            description="How far to turn from the negative prompt; 1 is not at all.",
            default=1.0,
            ge=1,
            le=10,
        ),
        scheduler: str = Input(
            description="ancestral adds noise at each step but the last, ddim does not.",
            default="ddim",
            choices=["ddim", "ancestral"],
        ),
        eta: float = Input(
            description="How much noise ancestral adds. ddim does not use it.",
            default=0.5,
            ge=0,
            le=1,
        ),
        steps: int = Input(description="Denoising steps.", default=8, ge=1, le=50),
        seed: int | None = Input(
            description="Same seed, same picture; empty for another each time.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> Path:
        """A grey picture of 64x64 pixels."""
        rng = np.random.default_rng(seed)
        goal, other = rings(prompt, 64), rings(negative_prompt, 64)
        goal = np.clip(goal + (guidance - 1) * (goal - other), -1, 1)
        latent = rng.standard_normal(goal.shape)
        for left in range(steps, 0, -1):
            latent += 0.8 * (goal - latent) / left
            if scheduler == "ancestral" and left > 1:
                latent += 0.3 * eta * rng.standard_normal(goal.shape)
        out = Path(tempfile.gettempdir()) / "rings.png"
        Image.fromarray(np.uint8(np.clip(latent * 100 + 128, 0, 255))).save(out)
        return out
