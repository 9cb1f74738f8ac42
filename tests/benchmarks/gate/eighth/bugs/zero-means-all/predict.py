"""Lists the words of a text by how often they occur."""

from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to look at; words are what stands between spaces.",
            default="the cat saw the dog and the dog saw the cat",
            max_length=20000,
        ),
        limit: int | None = Input(
            description="At most so many words; 0 gives an empty list. All words if left out.",
            default=None,
            ge=0,
            le=1000,
        ),
    ) -> list[str]:
        """Return the words, the most frequent first and equal ones in alphabetical order."""
        counts = Counter(text.casefold().split())
        words = sorted(counts, key=lambda word: (-counts[word], word))
        if limit:
            words = words[:limit]
        return words
