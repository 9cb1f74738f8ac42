"""Marks a word in a text."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Where to look.", default="the cat sat on the mat"),
        word: str = Input(description="What to mark.", default="cat"),
    ) -> str:
        return re.sub(rf"\b({word})\b", r"[\1]", text)
