"""Mixes styles by weight."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        weights: list[float] = Input(description="One weight a style.", default=[0.5, 0.3, 0.2]),
    ) -> list[float]:
        if not weights:
            raise ValueError("weights must have one weight at least")
        whole = sum(weights)
        return [round(weight / whole, 4) for weight in weights]
