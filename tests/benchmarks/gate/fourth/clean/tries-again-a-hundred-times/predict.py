"""Points in a square, none of them close to another; refused when they do not fit."""

import math
import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many points.", default=5, ge=1, le=40),
        apart: float = Input(description="Least distance.", default=0.1, ge=0, le=1),
        seed: int = Input(description="The same seed, the same points.", default=0, ge=0),
    ) -> list[list[float]]:
        chance = random.Random(seed)
        points: list[list[float]] = []
        for _ in range(count * 100):
            x, y = chance.random(), chance.random()
            if all(math.dist((x, y), one) >= apart for one in points):
                points.append([round(x, 4), round(y, 4)])
            if len(points) == count:
                return points
        raise ValueError("so many points do not fit that far apart: fewer, or closer")
