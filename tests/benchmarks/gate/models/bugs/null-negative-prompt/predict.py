"""Joins a prompt and what must not be in it."""

from typing import Optional

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw."),
        negative_prompt: Optional[str] = Input(description="What not to draw.", default="blurry"),
    ) -> str:
        banned = negative_prompt.lower().split(",")
        kept = [word for word in prompt.split() if word.lower() not in banned]
        return " ".join(kept)
