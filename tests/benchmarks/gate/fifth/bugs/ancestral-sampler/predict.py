"""A picture out of noise, by one of several samplers."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to paint.", default="fog over a lake"),
        scheduler: str = Input(
            description="How to sample.",
            default="DDIM",
            choices=["DDIM", "K_EULER", "K_EULER_ANCESTRAL", "PNDM"],
        ),
        steps: int = Input(description="Rounds.", default=10, ge=1, le=50),
        seed: int | None = Input(description="Leave out for a random one.", default=None),
    ) -> Path:
        if seed is None:
            seed = int.from_bytes(np.random.bytes(4), "big")
        chance = np.random.default_rng(abs(seed))
        latent = chance.normal(0, 1, (32, 32))
        goal = (sum(map(ord, prompt)) % 7 - 3) / 3
        for step in range(steps):
            latent += (goal - latent) / (steps - step + 1)
            if scheduler.endswith("ANCESTRAL"):
                latent += np.random.normal(0, 0.1, latent.shape)
        pixels = np.clip(128 + 40 * latent, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).resize((128, 128)).save("/tmp/fog.png")
        return Path("/tmp/fog.png")
