"""A curve for tone mapping."""

import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        exposure: float = Input(description="In stops.", default=0.5),
        knee: float = Input(description="Softness.", default=1.0, ge=0.1, le=10),
    ) -> float:
        return round(knee * math.log(1 + math.exp(exposure / knee)), 6)
