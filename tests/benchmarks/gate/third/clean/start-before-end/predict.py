"""Cuts a part out of a text."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="over the hill"),
        start: int = Input(description="First letter.", default=0, ge=0, le=10000),
        end: int = Input(description="Letter after the last one.", default=8, ge=1, le=10000),
    ) -> str:
        if start >= end:
            raise ValueError(f"start ({start}) must be before end ({end})")
        return text[start:end]
