"""Speed over a distance."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        distance: float = Input(description="Kilometres.", default=12.0, ge=0, le=500),
        minutes: int = Input(description="How long it took.", default=60, ge=0, le=1440),
    ) -> float:
        return round(distance / minutes * 60, 2)
