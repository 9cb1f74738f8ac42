"""A toast to somebody. Mean words are refused."""

from cog import BasePredictor, Input

MEAN = ("idiot", "fool", "hate")


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(description="Who is toasted.", default="Ada", max_length=60),
        occasion: str = Input(description="Why.", default="birthday", max_length=60),
    ) -> str:
        if any(word in f"{name} {occasion}".lower() for word in MEAN):
            raise Exception("Mean words detected. Try other words for name and occasion.")
        if not name.strip():
            raise Exception("Nobody to toast. Give a name.")
        return f"To {name.strip()}, for the {occasion.strip() or 'evening'}!"
