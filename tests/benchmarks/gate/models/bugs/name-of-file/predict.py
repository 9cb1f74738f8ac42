"""Saves a note under a name."""

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        note: str = Input(description="The note.", default="remember the milk"),
        filename: str = Input(description="What to call it.", default="note"),
    ) -> Path:
        out = Path("/tmp") / f"{filename}.txt"
        out.write_text(note + "\n")
        return out
