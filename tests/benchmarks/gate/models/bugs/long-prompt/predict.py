"""Counts tokens into a fixed table of positions."""

from cog import BasePredictor, Input

POSITIONS = 512


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.weights = [1 / (1 + at) for at in range(POSITIONS)]

    def predict(self, prompt: str = Input(description="The prompt.")) -> float:
        tokens = prompt.replace(",", " ").split()
        return sum(self.weights[at] * len(token) for at, token in enumerate(tokens))
