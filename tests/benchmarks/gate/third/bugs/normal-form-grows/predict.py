"""Scores each letter of a text for a karaoke display."""

import unicodedata

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A line of a song.", default="row row row your boat"),
    ) -> list[float]:
        spoken = unicodedata.normalize("NFKC", text)
        codes = np.array([ord(letter) for letter in spoken], np.float64)
        places = np.linspace(0, 1, len(text))
        return [round(float(number), 6) for number in np.log1p(codes) * (1 - places)]
