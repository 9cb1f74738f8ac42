"""A few of the given items, drawn at random without laying one back."""

import secrets

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        items: list[str] = Input(description="What to draw from.", default=["a", "b", "c", "d"]),
        count: int = Input(
            description="How many to draw at random; at most as many as there are.",
            default=2,
            ge=1,
            le=50,
        ),
    ) -> list[str]:
        if not items:
            raise ValueError("items must not be empty")
        dice = secrets.SystemRandom()
        return dice.sample(items, min(count, len(items)))
