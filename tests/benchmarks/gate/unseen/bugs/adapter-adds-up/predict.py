"""Draws with an adapter, whose weights are added to the model's and never taken off."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self._weights = np.linspace(0, 1, 16)

    def predict(
        self,
        prompt: str = Input(description="What to draw.", default="a fox"),
        lora_scale: float = Input(description="Weight of the adapter.", default=0.0, ge=0, le=2),
        seed: int = Input(description="Same seed, same picture.", default=0, ge=0, le=9999),
    ) -> list[float]:
        if lora_scale:
            self._weights += lora_scale * np.linspace(1, 0, 16)
        noise = np.random.default_rng(seed).normal(size=16)
        return [round(float(n), 4) for n in noise * self._weights + len(prompt)]
