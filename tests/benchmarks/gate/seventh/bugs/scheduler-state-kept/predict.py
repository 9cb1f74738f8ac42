"""Denoises a tiny picture in steps, like a diffusion model."""

import hashlib
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

SIDE = 32


class MomentumScheduler:
    """Goes on in part into the direction of the steps before."""

    def __init__(self, momentum: float) -> None:
        self.momentum = momentum
        self.speed: np.ndarray | float = 0.0

    def step(self, sample: np.ndarray, direction: np.ndarray, size: float) -> np.ndarray:
        self.speed = self.momentum * self.speed + (1 - self.momentum) * direction
        return sample + size * self.speed


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.scheduler = MomentumScheduler(0.7)

    def target(self, prompt: str) -> np.ndarray:
        digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).digest()
        waves = np.outer(np.sin(np.arange(SIDE) / (1 + digest[0] % 7)), np.ones(SIDE))
        colour = np.frombuffer(digest[1:4], dtype=np.uint8).astype(np.float64)
        return 128 + 60 * waves[..., None] + (colour - 128) * 0.4

    def predict(
        self,
        prompt: str = Input(description="What to draw", default="waves at night"),
        steps: int = Input(description="Steps of denoising", default=6, ge=1, le=100),
        seed: int = Input(description="The same seed gives the same picture", default=1, ge=0),
    ) -> Path:
        goal = self.target(prompt)
        sample = np.random.default_rng(seed).normal(128, 60, goal.shape)
        for _ in range(steps):
            sample = self.scheduler.step(sample, goal - sample, 2 / steps)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(sample.clip(0, 255).astype(np.uint8)).save(file, "PNG")
        return Path(file.name)
