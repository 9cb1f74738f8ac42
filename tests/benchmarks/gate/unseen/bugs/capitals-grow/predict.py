"""Marks which letters a listener should hear louder."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What is sung.", default="Over the hills"),
        every: int = Input(description="Every so many letters.", default=3, ge=1, le=12),
    ) -> str:
        signs = list(text)
        for place, capital in enumerate(text.upper()):
            if place % every == 0 and signs[place].isalpha():
                signs[place] = capital
        return "".join(signs) or "-"
