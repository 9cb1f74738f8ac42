"""The words that a text is about."""

import re
from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Counts words, without the small ones."""

    def setup(self) -> None:
        """The words that never count."""
        self.skipped = {"the", "a", "an", "and", "or", "of", "to", "in", "is", "are", "it", "on"}

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="The cat sat on the mat and the dog sat in the garden.",
            max_length=5000,
        ),
        also_skip: str = Input(
            description="More words to leave out, with spaces between; for this text only.",
            default="",
            max_length=500,
        ),
        top: int = Input(description="How many words to give.", default=5, ge=1, le=50),
        shortest: int = Input(description="Shorter words do not count.", default=2, ge=1, le=20),
    ) -> list[str]:
        """The most frequent words, the first to come first among equals."""
        self.skipped.update(also_skip.lower().split())
        words = [
            word
            for word in re.findall(r"[^\W\d_]+", text.lower())
            if len(word) >= shortest and word not in self.skipped
        ]
        return [word for word, _ in Counter(words).most_common(top)]
