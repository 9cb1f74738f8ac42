"""Greets."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(description="Whom to greet."),
        times: int = Input(description="How often.", default=1, ge=1, le=10),
    ) -> str:
        return " ".join(["hello", name] * times)
