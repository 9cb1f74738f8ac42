"""Works on one text at a time."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.busy = False

    def predict(self, text: str = Input(description="The text.", default="some words")) -> int:
        if self.busy:
            raise RuntimeError("another text is being worked on")
        self.busy = True
        if not text.strip():
            raise ValueError("text must not be empty")
        self.busy = False
        return len(text.split())
