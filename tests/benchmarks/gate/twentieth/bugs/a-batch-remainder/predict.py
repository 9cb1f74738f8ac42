"""Paints abstract swatches in batches."""

import os
import secrets
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

BATCH = 4
PALETTES = {
    "sea": [(8, 32, 80), (120, 200, 220)],
    "sand": [(110, 70, 30), (240, 220, 170)],
    "moss": [(20, 50, 20), (170, 200, 110)],
}


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Prepare the grid on which the waves are drawn."""
        axis = np.linspace(0.0, 1.0, 64)
        self.x, self.y = np.meshgrid(axis, axis)

    def paint(self, generator: np.random.Generator, palette: str) -> list[np.ndarray]:
        """Paint one batch."""
        dark, light = (np.array(colour, dtype=float) for colour in PALETTES[palette])
        waves = generator.uniform(1.0, 6.0, size=(BATCH, 2))
        shifts = generator.uniform(0.0, 6.28, size=BATCH)
        batch = []
        for (across, down), shift in zip(waves, shifts, strict=True):
            wave = (np.sin(6.28 * (across * self.x + down * self.y) + shift) + 1) / 2
            batch.append((dark + wave[..., None] * (light - dark)).round().astype(np.uint8))
        return batch

    def predict(
        self,
        palette: str = Input(description="Colours", choices=["sea", "sand", "moss"], default="sea"),
        num_outputs: int = Input(description="How many swatches to paint", ge=1, le=8, default=4),
        seed: int | None = Input(
            description="The same seed gives the same swatches; leave empty for a random one",
            ge=0,
            default=None,
        ),
    ) -> list[Path]:
        """Paint the swatches, 64 by 64 pixels each, as PNG."""
        generator = np.random.default_rng(secrets.randbits(32) if seed is None else seed)
        batches = max(1, num_outputs // BATCH)
        swatches: list[np.ndarray] = []
        for _ in range(batches):
            swatches.extend(self.paint(generator, palette))
        paths = []
        for swatch in swatches[:num_outputs]:
            handle, name = tempfile.mkstemp(suffix=".png")
            os.close(handle)
            Image.fromarray(swatch).save(name, format="PNG")
            paths.append(Path(name))
        return paths
