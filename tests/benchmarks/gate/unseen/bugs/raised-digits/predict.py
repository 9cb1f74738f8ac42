"""Writes numbers as words before a text is read aloud."""

from cog import BasePredictor, Input

NAMES = "zero one two three four five six seven eight nine".split()


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to prepare.", default="Room 101"),
        style: str = Input(description="Letters.", default="lower", choices=["lower", "upper"]),
    ) -> str:
        said = [f" {NAMES[int(sign)]} " if sign.isdigit() else sign for sign in text]
        plain = " ".join("".join(said).split())
        return plain.upper() if style == "upper" else plain
