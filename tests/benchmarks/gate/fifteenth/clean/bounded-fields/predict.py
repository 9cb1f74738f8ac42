"""Measure a landscape made from noise."""

from collections import OrderedDict

import numpy as np
from cog import BaseModel, BasePredictor, Input

KEPT = 12


class Output(BaseModel):
    """Facts of the landscape."""

    water: float
    mean: float


class Predictor(BasePredictor):
    """Landscapes are kept, the newest twelve, as making one is slow."""

    def setup(self) -> None:
        """Begin with none."""
        self.fields: OrderedDict[tuple[int, int], np.ndarray] = OrderedDict()

    def field(self, seed: int, detail: int) -> np.ndarray:
        """Heights between 0 and 1, on 256 by 256 points."""
        rng = np.random.default_rng(seed)
        heights = np.zeros((256, 256))
        for level in range(1, detail + 1):
            cells = 2**level
            coarse = rng.random((cells, cells)) / cells
            heights += np.kron(coarse, np.ones((256 // cells, 256 // cells)))
        heights -= heights.min()
        return heights / heights.max()

    def predict(
        self,
        seed: int = Input(description="Which landscape", default=3, ge=0, le=2**31),
        detail: int = Input(description="How fine it is", default=4, ge=1, le=7),
        level: float = Input(description="Height of the water", default=0.4, ge=0, le=1),
    ) -> Output:
        """Give the share under water and the mean height, where 1 is the highest point."""
        key = (seed, detail)
        if key not in self.fields:
            self.fields[key] = self.field(seed, detail)
            if len(self.fields) > KEPT:
                self.fields.popitem(last=False)
        heights = self.fields[key]
        self.fields.move_to_end(key)
        return Output(
            water=round(float((heights < level).mean()), 6),
            mean=round(float(heights.mean()), 6),
        )
