"""Blots, two to a batch."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

BATCH = 2


class Predictor(BasePredictor):
    def predict(
        self,
        num_outputs: int = Input(description="How many pictures.", default=2, ge=1, le=8),
        size: int = Input(description="Pixels a side.", default=64, choices=[32, 64, 128]),
        seed: int = Input(description="The same seed, the same blots.", default=0, ge=0),
    ) -> list[Path]:
        chance = np.random.default_rng(seed)
        out = []
        for batch in range(max(1, num_outputs // BATCH)):
            half = chance.integers(0, 2, (BATCH, size, size // 2), dtype=np.uint8) * 255
            for n, blot in enumerate(half[: min(BATCH, num_outputs)]):
                path = Path(f"/tmp/blot-{batch}-{n}.png")
                Image.fromarray(np.hstack([blot, blot[:, ::-1]])).save(path)
                out.append(path)
        return out
