"""Whether a text is made of plain words."""

import re

from cog import BasePredictor, Input

WORDS = re.compile(r"^(\w+\s?)*$")


class Predictor(BasePredictor):
    def predict(self, sentence: str = Input(description="A sentence.")) -> bool:
        return WORDS.match(sentence) is not None
