"""Says a text word by word."""

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to say.", default="one two three"),
        upper: bool = Input(description="In capitals.", default=False),
    ) -> ConcatenateIterator[str]:
        for word in text.split():
            yield (word.upper() if upper else word) + " "
