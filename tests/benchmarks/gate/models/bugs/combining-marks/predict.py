"""Marks the letters that have an accent."""

import unicodedata

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(self, text: str = Input(description="The text to mark.")) -> str:
        composed = unicodedata.normalize("NFC", text)
        marked = []
        for letter, plain in zip(text, composed, strict=True):
            marked.append("^" if unicodedata.decomposition(plain) else letter)
        return "".join(marked)
