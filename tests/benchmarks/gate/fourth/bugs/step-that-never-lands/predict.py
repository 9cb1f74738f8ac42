"""How many key frames a move needs."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        frames: int = Input(description="Whole length.", default=8, ge=1, le=100),
        step: float = Input(description="Frames from key to key.", default=0.5, ge=0.05, le=1.0),
    ) -> int:
        at, keys = 0.0, 1
        while at != frames:
            at += step
            keys += 1
        return keys
