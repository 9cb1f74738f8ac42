"""A curve fitted step by step; each step takes a twentieth of a second."""

import time

from cog import BaseModel, BasePredictor, Input


class Fit(BaseModel):
    value: float
    steps: int


class Predictor(BasePredictor):
    def predict(
        self,
        target: float = Input(description="Where to go.", default=10, ge=-1000, le=1000),
        steps: int = Input(
            description="How many steps; each takes a twentieth of a second.",
            default=4,
            ge=1,
            le=60,
        ),
        rate: float = Input(description="How far a step goes.", default=0.5, ge=0.01, le=1),
    ) -> Fit:
        value = 0.0
        for _ in range(steps):
            time.sleep(0.05)
            value += (target - value) * rate
        return Fit(value=round(value, 6), steps=steps)
