"""Draws a soft picture from a prompt."""

import random
import tempfile
import zlib

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MAX_WORDS = 77


class Predictor(BasePredictor):
    def setup(self) -> None:
        y, x = np.mgrid[0:64, 0:64] / 63
        self.grid = x, y

    def latents(self, prompt: str, negative_prompt: str, rng: np.random.Generator) -> np.ndarray:
        x, y = self.grid
        canvas = np.full((64, 64, 3), 0.25) + rng.normal(0, 0.03, (64, 64, 3))
        for weight, text in ((1.0, prompt), (-0.5, negative_prompt)):
            for word in text.lower().split()[:MAX_WORDS]:
                code = zlib.crc32(word.encode("utf-8", "replace")).to_bytes(4, "big")
                colour = np.array(list(code[:3])) / 255
                left, top, spread = rng.random(3)
                distance = (x - left) ** 2 + (y - top) ** 2
                blob = np.exp(-distance / (0.05 + 0.2 * spread) ** 2)
                canvas += weight * blob[..., None] * colour
        return canvas

    def predict(
        self,
        prompt: str = Input(
            description="What to draw. Words after the 77th are not used.",
            default="a red fox in the snow",
            max_length=2000,
        ),
        negative_prompt: str = Input(
            description="What to keep out of the picture.", default="", max_length=2000
        ),
        width: int = Input(description="Width in pixels.", default=256, ge=64, le=768),
        height: int = Input(description="Height in pixels.", default=256, ge=64, le=768),
        num_outputs: int = Input(description="Number of pictures.", default=1, ge=1, le=4),
        seed: int | None = Input(
            description="Random seed. Leave blank to randomize the seed.",
            default=None,
            ge=0,
            le=2**32 - 1,
        ),
        output_format: str = Input(
            description="Format of the pictures.", default="webp", choices=["webp", "jpg", "png"]
        ),
        output_quality: int = Input(
            description="Quality from 1 (worst) to 100 (best). Not relevant for png.",
            default=80,
            ge=1,
            le=100,
        ),
    ) -> list[Path]:
        if seed is None:
            seed = random.randrange(2**32)
        print(f"Using seed: {seed}")
        folder = Path(tempfile.mkdtemp())
        options = {} if output_format == "png" else {"quality": output_quality}
        paths = []
        for number in range(num_outputs):
            rng = np.random.default_rng([seed, number])
            canvas = self.latents(prompt, negative_prompt, rng)
            pixels = (np.clip(canvas, 0, 1) * 255).astype(np.uint8)
            picture = Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC)
            paths.append(folder / f"out-{number}.{output_format}")
            picture.save(paths[-1], **options)
        return paths
