"""Compares a brightness with those of the last hundred predictions, but only prints it."""

from collections import deque

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self._latest: deque[np.ndarray] = deque(maxlen=24)

    def predict(
        self,
        level: int = Input(description="Brightness.", default=100, ge=0, le=255),
    ) -> float:
        frame = np.full((256, 256), level, np.float32)
        self._latest.append(frame)
        print(f"mean of the latest: {np.mean([each[0, 0] for each in self._latest]):.1f}")
        return float(frame.mean() / 255)
