"""A word replaced in a text, whatever its capitals."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="The text.", default="The cat sat on the mat."),
        word: str = Input(description="Word to replace.", default="cat", min_length=1),
        by: str = Input(description="What to put there.", default="dog"),
    ) -> str:
        return re.sub(rf"\b{re.escape(word)}\b", by, text, flags=re.IGNORECASE)
