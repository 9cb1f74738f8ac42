"""Measures how far a wave travels through layers, and keeps what it computed lately."""

from collections import OrderedDict

import numpy as np
from cog import BaseModel, BasePredictor, Input

KEPT = 16


class Travel(BaseModel):
    furthest: float
    average: float


class Predictor(BasePredictor):
    def setup(self):
        """Begin with nothing kept."""
        self.kept: OrderedDict[tuple[int, float], Travel] = OrderedDict()

    def travel(self, layers, speed):
        steps = np.sqrt(np.arange(1, layers + 1, dtype=np.float64)) * speed
        walked = np.cumsum(np.tile(steps, (64, 1)), axis=1)
        return Travel(furthest=float(walked.max()), average=float(walked.mean()))

    def predict(
        self,
        layers: int = Input(description="How many layers.", default=100, ge=1, le=2000),
        speed: float = Input(description="Speed in the first layer.", default=1.5, ge=0, le=100),
    ) -> Travel:
        """Return distances after all layers and on average."""
        key = (layers, abs(speed))
        if key not in self.kept:
            self.kept[key] = self.travel(*key)
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        self.kept.move_to_end(key)
        return self.kept[key]
