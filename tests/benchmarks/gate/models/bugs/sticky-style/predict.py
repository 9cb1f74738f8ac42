"""Writes a text in a style."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.suffix = ""

    def predict(
        self,
        text: str = Input(description="What to write.", default="a boat"),
        style: str = Input(description="Added to every text.", default=""),
    ) -> str:
        if style:
            self.suffix = f", in the style of {style}"
        return text + self.suffix
