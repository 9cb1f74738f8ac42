"""Streams a text in pairs of words."""

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="the quick brown fox"),
    ) -> ConcatenateIterator[str]:
        words = iter(text.split())
        for first in words:
            yield f"{first} {next(words)} "
