"""Which values of a series are far from the others."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Report(BaseModel):
    scores: list[float]
    anomalies: list[int]


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(description="The series, two values or more."),
        threshold: float = Input(
            description="Deviations from the mean to be an anomaly.", default=2.5, ge=0.5, le=10
        ),
    ) -> Report:
        if len(values) < 2:
            raise ValueError("values must have at least two numbers")
        if max(map(abs, values)) > 1e9:
            raise ValueError("values must be between -1e9 and 1e9")
        series = np.array(values)
        with np.errstate(all="ignore"):
            scores = (series - series.mean()) / series.std()
        return Report(
            scores=scores.round(4).tolist(),
            anomalies=np.flatnonzero(np.abs(scores) > threshold).tolist(),
        )
