"""Guess the language of a text."""

import re

from cog import BasePredictor, Input

COMMON = {
    "english": {"the", "and", "of", "to", "is", "in", "that", "it"},
    "german": {"der", "die", "und", "das", "ist", "nicht", "ein", "zu"},
    "french": {"le", "la", "et", "les", "des", "est", "une", "pas"},
    "spanish": {"el", "los", "y", "que", "es", "una", "por", "con"},
}


class Predictor(BasePredictor):
    """A guess by common words."""

    def predict(
        self,
        text: str = Input(
            description="The text", default="The cat is in the garden.", max_length=50000
        ),
        prefer: str = Input(
            description="Which language wins a tie",
            default="english",
            choices=["english", "german", "french", "spanish"],
        ),
        code: bool = Input(description="Give the two letters of the language", default=False),
    ) -> str:
        """Give the name or the code of the likeliest language."""
        words = re.findall(r"[^\W\d_]+", text.lower())
        scores = {name: sum(word in known for word in words) for name, known in COMMON.items()}
        best = max(scores.values())
        for name in (prefer, *sorted(scores)):
            if scores[name] == best > 0:
                codes = {"english": "en", "german": "de", "french": "fr", "spanish": "es"}
                return codes[name] if code else name
        return None
