"""Brings a value into a range."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        value: float = Input(description="The value.", default=0.5, ge=0, le=100),
        low: float = Input(description="Stands for 0.", default=0.0, ge=0, le=100),
        high: float = Input(description="Stands for 1.", default=1.0, ge=0, le=100),
    ) -> float:
        return (value - low) / (high - low)
