"""Checks guesses against labels."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(description="Texts.", default=["good film", "bad film"]),
        labels: list[str] = Input(description="What each is.", default=["good", "bad"]),
        strict: bool = Input(description="Whole words only.", default=True),
    ) -> dict[str, int]:
        counts = {"right": 0, "wrong": 0}
        for place, text in enumerate(texts):
            words = text.split() if strict else text
            counts["right" if labels[place] in words else "wrong"] += 1
        return counts
