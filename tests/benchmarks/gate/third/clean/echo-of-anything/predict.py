"""Gives back what it got, with its length: for trying out a client."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Anything.", default="hello"),
        number: float = Input(description="Any number.", default=1.5),
        items: list[str] = Input(description="Any texts.", default=["a", "b"]),
    ) -> dict[str, str]:
        return {"text": text, "number": repr(number), "items": "|".join(items), "n": str(len(text))}
