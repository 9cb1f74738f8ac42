"""Renders frames at a steady pace: the more, the longer it takes, and it says so."""

import time

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        frames: int = Input(description="How many; each takes 30 ms.", default=4, ge=1, le=60),
        label: str = Input(description="Name of the film.", default="test", max_length=80),
    ) -> list[int]:
        sums = []
        for frame in range(frames):
            time.sleep(0.03)
            sums.append((len(label) * 31 + frame * 7) % 256)
        return sums
