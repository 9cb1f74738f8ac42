"""A toy painter: a small network turns places and a prompt into colours."""

import tempfile
import zlib

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

ADAPTERS = ["none", "ink", "wash", "neon"]
MOST_PIXELS = 65536


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make the weights."""
        rng = np.random.default_rng(11)
        self.base = rng.normal(0, 1, (24, 3))
        self.inner = rng.normal(0, 2, (6, 24))
        self.deltas = {name: rng.normal(0, 1, (24, 3)) for name in ADAPTERS[1:]}
        self.head = self.base

    def predict(
        self,
        prompt: str = Input(description="What to paint.", default="a lake at dawn"),
        adapter: str = Input(
            description="Style that is laid over the network, for this picture alone.",
            default="none",
            choices=ADAPTERS,
        ),
        adapter_scale: float = Input(
            description="How strong the adapter is.", default=0.8, ge=0, le=2
        ),
        width: int = Input(description="Pixels across.", default=64, ge=16, le=512),
        height: int = Input(
            description="Pixels down; width times height is 65536 at most.",
            default=64,
            ge=16,
            le=512,
        ),
        seed: int = Input(description="Same seed, same picture.", default=1, ge=0, le=2**31),
    ) -> Path:
        """Paint a picture."""
        if adapter != "none":
            self.head = self.base + adapter_scale * self.deltas[adapter]
        if width * height > MOST_PIXELS:
            raise ValueError("width times height is more than 65536")
        topic = zlib.crc32(prompt.encode("utf-8", "replace"))
        latent = np.random.default_rng([topic, seed]).normal(0, 1, 4)
        down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        points = np.stack([across, down, *(np.full_like(down, one) for one in latent)], axis=-1)
        colours = np.tanh(np.tanh(points @ self.inner) @ self.head)
        self.head = self.base
        out = Path(tempfile.gettempdir()) / "painting.png"
        Image.fromarray(np.uint8((colours + 1) * 127.5)).save(out)
        return out
