"""Keeps what it computed for the last prompts, and no more than that."""

from collections import OrderedDict

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()

    def predict(
        self,
        prompt: str = Input(description="What to embed.", default="a fox"),
        dimensions: int = Input(description="How many numbers.", default=8, ge=2, le=64),
    ) -> list[float]:
        hidden = self._kept.pop(prompt, None)
        if hidden is None:
            hidden = np.ones((1024, 1024), np.float32) * (len(prompt) % 17)
        self._kept[prompt] = hidden
        if len(self._kept) > 8:
            self._kept.popitem(last=False)
        return [float(number) for number in hidden[0, :dimensions]]
