"""Shortens a text to so many bytes."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="The text.", default="a short text"),
        most: int = Input(description="Bytes to keep.", default=32, ge=1, le=256),
    ) -> str:
        return text.encode()[:most].decode(errors="replace")
