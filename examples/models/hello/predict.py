"""The smallest model: a greeting."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Says hello."""

    def predict(self, text: str = Input(description="Whom to greet.")) -> str:
        """Greet."""
        return "hello " + text
