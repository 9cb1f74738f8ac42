"""Draws several variants of a badge."""

import hashlib
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

SIDE = 64


class Predictor(BasePredictor):
    def draw(self, rng: np.random.Generator, shape: str) -> Image.Image:
        back, front = (tuple(int(part) for part in rng.integers(0, 256, 3)) for _ in range(2))
        badge = Image.new("RGB", (SIDE, SIDE), back)
        pen = ImageDraw.Draw(badge)
        for _ in range(int(rng.integers(2, 6))):
            left, top = (int(part) for part in rng.integers(0, SIDE - 16, 2))
            box = (left, top, left + 16, top + 16)
            pen.ellipse(box, fill=front) if shape == "dots" else pen.rectangle(box, fill=front)
        return badge

    def predict(
        self,
        name: str = Input(description="Name that the badge is for", default="The Rowing Club"),
        shape: str = Input(description="What to draw", default="dots", choices=["dots", "squares"]),
        num_outputs: int = Input(
            description="How many different variants to draw", default=1, ge=1, le=4
        ),
        seed: int = Input(description="The same seed gives the same badges", default=5, ge=0),
    ) -> list[Path]:
        digest = hashlib.sha256(f"{seed} {name}".encode("utf-8", "surrogatepass")).digest()
        paths = []
        for _ in range(num_outputs):
            rng = np.random.default_rng(list(digest))
            with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
                self.draw(rng, shape).save(file, "PNG")
            paths.append(Path(file.name))
        return paths
