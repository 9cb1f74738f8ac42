"""Counts words, and refuses what has none."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="At least one word."),
        longest: int = Input(
            description="Most letters in a word.", default=30, ge=1, le=10_000_000
        ),
    ) -> int:
        words = text.split()
        if not words:
            raise ValueError("text must hold at least one word")
        if max(map(len, words)) > longest:
            raise ValueError("text has a word that is longer than longest allows; make it shorter")
        return len(words)
