"""Samples heights of a made-up landscape."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Height(BaseModel):
    metres: float
    highest: float


class Predictor(BasePredictor):
    def setup(self):
        """Begin without landscapes."""
        self.fields: dict[int, np.ndarray] = {}

    def field(self, seed):
        if seed not in self.fields:
            self.fields[seed] = np.random.default_rng(seed).random((1024, 1024)) * 3000
        return self.fields[seed]

    def predict(
        self,
        seed: int = Input(
            description="Which landscape; the same number, the same land.",
            default=1,
            ge=0,
            le=2_147_483_647,
        ),
        x: int = Input(description="Place from west to east.", default=100, ge=0, le=1023),
        y: int = Input(description="Place from north to south.", default=100, ge=0, le=1023),
    ) -> Height:
        """Return the height at a place and that of the highest mountain."""
        field = self.field(seed)
        return Height(metres=float(field[y, x]), highest=float(field.max()))
