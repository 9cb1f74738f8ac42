"""Several openings of a story, made in batches of two."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        subject: str = Input(description="Who it is about.", default="a fox"),
        num_outputs: int = Input(description="How many openings.", default=4, ge=1, le=8),
        seed: int = Input(description="The same seed, the same openings.", default=1),
    ) -> list[str]:
        rng = random.Random(seed)
        openings: list[str] = []
        for _ in range(num_outputs // 2):
            openings += [f"{rng.choice(['Once', 'Long ago'])} there was {subject}" for _ in "ab"]
        return openings
