"""Terrain heights along a line, from smooth noise."""

import random

import numpy as np
from cog import BaseModel, BasePredictor, Input

SIZE = 362


class Output(BaseModel):
    """Heights from left to right, and the seed that gives the same again."""

    heights: list[float]
    seed: int


class Predictor(BasePredictor):
    """Cuts profiles out of a noise field."""

    def setup(self) -> None:
        """Fields are made when they are first needed."""
        self.fields: dict[int, np.ndarray] = {}

    def field(self, seed: int) -> np.ndarray:
        """The square field of a seed."""
        if seed not in self.fields:
            self.fields[seed] = np.random.default_rng(seed).random((SIZE, SIZE))
        return self.fields[seed]

    def predict(
        self,
        row: int = Input(description="Which row of the field.", default=40, ge=0, le=361),
        points: int = Input(description="How many heights.", default=16, ge=1, le=362),
        smooth: int = Input(description="Width of the average.", default=5, ge=1, le=31),
        seed: int = Input(
            description="Seed; -1 draws one, which the output tells.", default=-1, ge=-1, le=2**31
        ),
    ) -> Output:
        """The heights, each from 0 to 1."""
        if seed == -1:
            seed = random.SystemRandom().randrange(2**31)
        line = np.convolve(self.field(seed)[row], np.ones(smooth) / smooth, mode="same")
        return Output(heights=[round(float(y), 4) for y in line[:points]], seed=seed)
