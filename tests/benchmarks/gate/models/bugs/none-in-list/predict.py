"""The length of each word, by its place."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Words.", default="some more words"),
        most: int = Input(description="Longest word that counts.", default=12, ge=1, le=64),
    ) -> list[int]:
        return [len(word) if len(word) <= most else None for word in text.split(" ")]
