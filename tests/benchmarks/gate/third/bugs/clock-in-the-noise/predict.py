"""A palette drawn by chance, and variations on it."""

import random
import time

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        colours: int = Input(description="How many.", default=4, ge=1, le=16),
        variation: float = Input(description="How far from it.", default=0.0, ge=0, le=1),
        seed: int = Input(description="The same seed, the same palette.", default=7),
    ) -> list[str]:
        rng = random.Random(seed)
        base = [[rng.randrange(256) for _ in "rgb"] for _ in range(colours)]
        if variation > 0:
            other = random.Random(time.time_ns())
            far = variation * 64
            moved = [[part + other.uniform(-far, far) for part in each] for each in base]
            base = [[max(0, min(255, round(part))) for part in each] for each in moved]
        return ["#" + bytes(each).hex() for each in base]
