"""Keeps what it computed for a prompt, for ever."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self._kept: dict[tuple[str, int], np.ndarray] = {}
        self._calls = 0

    def predict(
        self,
        prompt: str = Input(description="What to embed.", default="a fox"),
        dimensions: int = Input(description="How many numbers.", default=8, ge=2, le=64),
    ) -> list[float]:
        self._calls += 1
        hidden = np.ones((1024, 1024), np.float32) * (len(prompt) % 17)
        self._kept[(prompt, self._calls)] = hidden
        return [float(number) for number in hidden[0, :dimensions]]
