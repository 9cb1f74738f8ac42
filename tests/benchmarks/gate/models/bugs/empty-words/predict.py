"""Makes a title of the first words of a text."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(self, text: str = Input(description="What the title is for.")) -> str:
        words = text.split()
        first = words[0].capitalize()
        return " ".join([first, *words[1:6]])
