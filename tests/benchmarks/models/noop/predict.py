"""A model that does nothing: what is left is our own cost."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Answers with its input."""

    def predict(self, text: str = Input(description="What to answer.")) -> str:
        """Answer."""
        return text
