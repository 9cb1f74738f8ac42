"""A toy diffusion: walks from noise to a target curve."""

import torch
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Denoises towards a sine."""

    def setup(self) -> None:
        """The curve that all walks end near."""
        self.target = torch.sin(torch.linspace(0, 6.2832, 24))

    def predict(
        self,
        seed: int = Input(
            description="Fixes the result: the same seed gives the same values.",
            default=0,
            ge=0,
            le=2**31,
        ),
        steps: int = Input(description="Steps of the walk.", default=8, ge=1, le=50),
        sampler: str = Input(
            description="How to walk: straight, or with fresh noise at every step.",
            default="euler",
            choices=["euler", "ancestral"],
        ),
    ) -> list[float]:
        """24 values near a sine."""
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(24, generator=generator)
        for step in range(steps):
            left = steps - step
            x = x + (self.target - x) / (left + 0.5)
            if sampler == "ancestral" and left > 1:
                x = x + torch.randn_like(x) * 0.1 * left / steps
        return [round(value, 4) for value in x.tolist()]
