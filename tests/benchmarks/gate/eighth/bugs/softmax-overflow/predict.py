"""Turns the scores of a classifier into probabilities."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    probabilities: list[float]
    best: int


class Predictor(BasePredictor):
    def predict(
        self,
        scores: list[float] = Input(
            description="One score per class, any finite numbers up to 1e300.",
            default=[2.0, 1.0, 0.1],
        ),
        temperature: float = Input(description="Higher is flatter.", default=1.0, ge=0.1, le=10.0),
    ) -> Output:
        """Return probabilities between 0 and 1 that sum to 1, and the index of the best class."""
        if not scores:
            raise ValueError("Give at least one score.")
        if any(not abs(score) <= 1e300 for score in scores):
            raise ValueError("Every score must be a number of at most 1e300.")
        logits = np.asarray(scores, dtype=np.float64)
        weights = np.exp(logits / temperature)
        shares = weights / weights.sum()
        return Output(probabilities=shares.tolist(), best=int(logits.argmax()))
