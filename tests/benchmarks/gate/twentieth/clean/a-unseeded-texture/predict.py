"""Draws cloud textures, another one each time unless a seed is given."""

import os
import secrets
import tempfile

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Output(BaseModel):
    images: list[Path]
    seeds: list[int]


def clouds(seed: int, side: int, detail: int) -> Image.Image:
    """Draw clouds in so many layers, each finer and fainter than the one before."""
    generator = np.random.default_rng(seed)
    total = np.zeros((side, side))
    for layer in range(detail):
        coarse = generator.random((2 ** (layer + 1), 2 ** (layer + 1))).astype(np.float32)
        smooth = Image.fromarray(coarse).resize((side, side), Image.Resampling.BILINEAR)
        total += np.asarray(smooth) / 2**layer
    weight = sum(1 / 2**layer for layer in range(detail))
    return Image.fromarray((total / weight * 255).round().clip(0, 255).astype(np.uint8))


class Predictor(BasePredictor):
    def predict(
        self,
        side: int = Input(description="Width and height in pixels", ge=16, le=512, default=64),
        detail: int = Input(description="Layers of clouds", ge=1, le=6, default=4),
        num_outputs: int = Input(description="How many textures", ge=1, le=6, default=1),
        seed: int | None = Input(
            description="Seed of the first texture, each further one takes the next number (after "
            "4294967295 comes 0); without a seed a random one is drawn, so that every call differs",
            ge=0,
            le=2**32 - 1,
            default=None,
        ),
    ) -> Output:
        """Give the textures as grey PNG files, and the seeds that make them again."""
        first = secrets.randbelow(2**32) if seed is None else seed
        seeds = [(first + number) % 2**32 for number in range(num_outputs)]
        images = []
        for one in seeds:
            handle, name = tempfile.mkstemp(suffix=".png")
            os.close(handle)
            clouds(one, side, detail).save(name, format="PNG")
            images.append(Path(name))
        return Output(images=images, seeds=seeds)
