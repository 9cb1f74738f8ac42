"""Measures random landscapes."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Landscape(BaseModel):
    lowest: float
    highest: float
    above_water: float


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.fields = []

    def grow(self, size, roughness, seed):
        """Heights from a walk in both directions."""
        steps = np.random.default_rng(seed).normal(0, roughness, (size, size))
        field = (steps.cumsum(axis=0) + steps.cumsum(axis=1)) / 2
        self.fields.append(field)
        return field

    def predict(
        self,
        size: int = Input(
            description="Points along each side of the landscape.", default=256, ge=2, le=512
        ),
        roughness: float = Input(
            description="Height of a single step.", default=1.0, ge=0.1, le=10
        ),
        seed: int = Input(
            description="The same seed gives the same landscape.", default=0, ge=0, le=2**31 - 1
        ),
    ) -> Landscape:
        """Its lowest and highest point, and the share of it that is higher than 0."""
        self.grow(size, roughness, seed)
        field = self.fields[-1]
        return Landscape(
            lowest=round(float(field.min()), 4),
            highest=round(float(field.max()), 4),
            above_water=round(float((field > 0).mean()), 4),
        )
