"""Picks keywords for an archive."""

import re
from collections import Counter

from cog import BasePredictor, Input

STOP = {"a", "an", "and", "at", "in", "is", "of", "on", "or", "the", "to", "was"}


class Predictor(BasePredictor):
    """Frequency alone; good enough for short notes."""

    def predict(
        self,
        note: str = Input(
            description="Text of the note.",
            default="The old mill at the river was sold, and the river changed its bed.",
            max_length=20_000,
        ),
        most: int = Input(description="Keywords at most.", default=5, ge=1, le=50),
        shortest: int = Input(
            description="Letters a keyword has at least.", default=3, ge=1, le=10
        ),
    ) -> list[str]:
        """The most frequent words first, those of equal frequency in the order of the text."""
        words = [word for word in re.findall(r"[^\W\d_]+", note.lower()) if word not in STOP]
        counts = Counter(word for word in words if len(word) >= shortest)
        vocabulary = {word for word in words if len(word) >= shortest}
        return sorted(vocabulary, key=lambda word: -counts[word])[:most]
