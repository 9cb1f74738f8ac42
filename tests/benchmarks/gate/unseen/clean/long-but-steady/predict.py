"""Counts words; a longer text takes longer, by as much as it is longer."""

from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to count.", default="a fox and a hare"),
        least: int = Input(description="Occurrences.", default=1, ge=1, le=10),
    ) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for _ in range(3):
            counts = Counter(text.split())
        return {word: n for word, n in counts.most_common(50) if n >= least}
