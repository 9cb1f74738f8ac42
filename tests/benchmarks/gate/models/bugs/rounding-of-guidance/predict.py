"""A schedule for a guidance scale."""

from cog import BasePredictor, Input

SCHEDULES = {0: "off", 1: "low", 2: "low", 3: "mid", 4: "mid", 5: "high"}


class Predictor(BasePredictor):
    def predict(
        self,
        guidance: float = Input(description="Scale.", default=3.0, ge=0, le=5.5),
        prompt: str = Input(description="What to draw.", default="a tree"),
    ) -> str:
        return f"{SCHEDULES[round(guidance)]}: {prompt}"
