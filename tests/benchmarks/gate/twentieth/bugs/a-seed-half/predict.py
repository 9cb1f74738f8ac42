"""Draws soft colour gradients with film grain."""

import os
import tempfile

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Output(BaseModel):
    image: Path
    seed: int


def add_grain(pixels: np.ndarray, grain: float) -> np.ndarray:
    """Lay film grain of that strength over a picture."""
    noise = np.random.normal(0.0, 40.0 * grain, size=pixels.shape[:2])
    return pixels + noise[..., None]


class Predictor(BasePredictor):
    def predict(
        self,
        width: int = Input(description="Width in pixels", ge=8, le=512, default=96),
        height: int = Input(description="Height in pixels", ge=8, le=512, default=64),
        grain: float = Input(
            description="Film grain, from none to strong", ge=0, le=1, default=0.25
        ),
        seed: int | None = Input(
            description="Seed; the same seed and settings give the same picture, "
            "leave empty for a random one",
            ge=0,
            le=2**32 - 1,
            default=None,
        ),
    ) -> Output:
        """Draw the gradient as PNG and tell the seed that was used."""
        if seed is None:
            seed = int.from_bytes(os.urandom(4), "big")
        generator = np.random.default_rng(seed)
        corners = generator.uniform(0, 255, size=(2, 2, 3))
        down = np.linspace(0, 1, height)[:, None, None]
        across = np.linspace(0, 1, width)[None, :, None]
        top = corners[0, 0] * (1 - across) + corners[0, 1] * across
        bottom = corners[1, 0] * (1 - across) + corners[1, 1] * across
        pixels = add_grain(top * (1 - down) + bottom * down, grain)
        handle, name = tempfile.mkstemp(suffix=".png")
        os.close(handle)
        Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8)).save(name, format="PNG")
        return Output(image=Path(name), seed=seed)
