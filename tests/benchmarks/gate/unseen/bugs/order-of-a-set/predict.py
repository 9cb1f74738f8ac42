"""Tags for a text, in the order of a set: another process, another order."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to tag.", default="a red fox and a white hare"),
        count: int = Input(description="Tags at most.", default=3, ge=1, le=10),
    ) -> list[str]:
        return list({word for word in text.lower().split() if len(word) > 2})[:count]
