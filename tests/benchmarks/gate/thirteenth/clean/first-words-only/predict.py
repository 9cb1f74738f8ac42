"""Finds the words that a text leans on."""

import re
from collections import Counter
from itertools import islice

from cog import BasePredictor, Input

WORD = re.compile(r"[^\W\d_]+")
COMMON = {"the", "a", "an", "and", "or", "of", "to", "in", "is", "it", "that"}


class Predictor(BasePredictor):
    """A small keyword finder."""

    def predict(
        self,
        text: str = Input(
            description="English text. Only its first 300 words are looked at; digits and signs "
            "are left out, and so are a few very common words and words of one or two letters.",
            default="The tide carries sand, and the sand carries the tide.",
        ),
        most: int = Input(description="At most so many words.", default=5, ge=1, le=50),
    ) -> list[str]:
        """In small letters, the most frequent first, equally frequent ones by the alphabet."""
        words = [match[0] for match in islice(WORD.finditer(text), 300)]
        counts = Counter(word.lower() for word in words if len(word) > 2)
        for word in COMMON:
            counts.pop(word, None)
        return sorted(counts, key=lambda word: (-counts[word], word))[:most]
