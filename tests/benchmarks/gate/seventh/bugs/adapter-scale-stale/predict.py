"""Paints a small sky, in the style of an adapter."""

import hashlib
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

SIDE = 48
ADAPTERS = {
    "none": np.eye(3),
    "sepia": np.array([[0.4, 0.35, 0.27], [0.75, 0.68, 0.53], [0.2, 0.17, 0.13]]),
    "dawn": np.array([[1.0, 0.3, 0.2], [0.2, 0.6, 0.3], [0.0, 0.1, 0.7]]),
}


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.loaded = "none"
        self.weights = np.eye(3)

    def load_adapter(self, name: str, scale: float) -> None:
        # merging takes long, so what is loaded stays for the next prediction
        if name == self.loaded:
            return
        self.weights = np.eye(3) * (1 - scale) + ADAPTERS[name] * scale
        self.loaded = name

    def predict(
        self,
        prompt: str = Input(description="What sky to paint", default="a wide evening sky"),
        adapter: str = Input(
            description="Style to add", default="none", choices=["none", "sepia", "dawn"]
        ),
        adapter_scale: float = Input(
            description="How much of the style, 0 is none of it", default=0.8, ge=0, le=1
        ),
        seed: int = Input(description="The same seed gives the same sky", default=0, ge=0),
    ) -> Path:
        self.load_adapter(adapter, adapter_scale)
        digest = hashlib.sha256(f"{seed} {prompt}".encode("utf-8", "surrogatepass")).digest()
        rng = np.random.default_rng(list(digest))
        ramp = np.linspace(60, 220, SIDE)[:, None, None] + np.zeros((SIDE, SIDE, 3))
        sky = ramp + rng.normal(0, 18, (SIDE, SIDE, 3))
        pixels = (sky @ self.weights).clip(0, 255).round().astype(np.uint8)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(pixels).save(file, "PNG")
        return Path(file.name)
