"""Speed of a camera between keyframes."""

from itertools import pairwise

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        keyframes: list[int] = Input(description="Frame numbers.", default=[0, 12, 30]),
        distance: float = Input(description="Metres between two.", default=1.5, ge=0, le=100),
    ) -> list[float]:
        ordered = sorted(keyframes)
        return [round(distance / (later - sooner), 4) for sooner, later in pairwise(ordered)]
