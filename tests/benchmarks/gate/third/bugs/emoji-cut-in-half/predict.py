"""Shortens a message to what a phone may show: counted as phones count, in units of 16 bits."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(description="A message.", default="See you at the station at eight."),
        units: int = Input(description="Longest length.", default=20, ge=1, le=280),
    ) -> str:
        cut = message.encode("utf-16-le", "ignore")[: units * 2]
        return cut.decode("utf-16-le")
