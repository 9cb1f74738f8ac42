"""Picks the compression table for a level."""

from cog import BasePredictor, Input

TABLE = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]


class Predictor(BasePredictor):
    def predict(self, level: int = Input(description="How strong.", default=3, ge=0, le=10)) -> int:
        return TABLE[level]
