"""Counts tokens, as they are billed."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What was asked.", default="four little green birds"),
        batch: bool = Input(description="At half the price.", default=False),
    ) -> int:
        tokens = sum(1 + len(word) // 6 for word in prompt.split())
        return tokens / 2 if batch else tokens
