"""Counts syllables of a line, roughly."""

import re

from cog import BaseModel, BasePredictor, Input


class Line(BaseModel):
    text: str
    syllables: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="One line. Lines without any letter from A to Z are refused.",
            default="An old silent pond",
            max_length=500,
        ),
        at_least: int = Input(
            description="Lines with fewer syllables are refused.", default=0, ge=0, le=50
        ),
    ) -> Line:
        """Return the line without spaces around it, and its number of groups of vowels."""
        if not re.search("[a-zA-Z]", text):
            raise ValueError("The line has no letter from A to Z.")
        syllables = len(re.findall("[aeiouyAEIOUY]+", text))
        if syllables < at_least:
            raise ValueError("The line has fewer syllables than at_least.")
        return Line(text=text.strip(), syllables=syllables)
