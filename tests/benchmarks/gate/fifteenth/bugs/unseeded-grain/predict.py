"""Draw soft coloured patterns."""

import tempfile

import numpy as np
import torch
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    """Patterns from a small random network."""

    def setup(self) -> None:
        """Make the folder for the picture."""
        self.folder = Path(tempfile.mkdtemp())

    def predict(
        self,
        seed: int = Input(
            description="The same seed and options give the same picture", default=7, ge=0, le=2**31
        ),
        size: int = Input(description="Width and height", default=32, ge=8, le=128),
        layers: int = Input(description="How wild it gets", default=2, ge=1, le=6),
        grain: float = Input(description="Strength of the film grain", default=0.0, ge=0, le=1),
    ) -> Path:
        """Draw a picture as PNG."""
        generator = torch.Generator().manual_seed(seed)
        line = torch.linspace(-1, 1, size)
        field = torch.stack(torch.meshgrid(line, line, indexing="ij"), dim=-1).reshape(-1, 2)
        width = 2
        for _ in range(layers):
            weights = torch.randn(width, 12, generator=generator)
            field, width = torch.tanh(field @ weights), 12
        colours = torch.sigmoid(field @ torch.randn(width, 3, generator=generator))
        picture = colours.reshape(size, size, 3).numpy()
        if grain > 0:
            picture = picture + np.random.default_rng().normal(0, 0.2 * grain, picture.shape)
        target = self.folder / "pattern.png"
        Image.fromarray((picture.clip(0, 1) * 255).astype(np.uint8)).save(str(target))
        return target
