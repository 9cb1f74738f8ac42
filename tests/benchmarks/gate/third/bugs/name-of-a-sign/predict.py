"""Spells a text, sign by sign, for a screen reader."""

import unicodedata

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to spell.", default="a-b"),
        most: int = Input(description="Signs to spell at most.", default=50, ge=1, le=500),
    ) -> str:
        signs = [sign for sign in text if not sign.isspace()][:most]
        return ", ".join(unicodedata.name(sign).lower() for sign in signs) or "nothing"
