"""Scores lines in batches."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """A very small scorer of spelling."""

    def setup(self) -> None:
        """A weight for each code."""
        self.weights = np.random.default_rng(11).uniform(0.0, 1.0, size=256)
        self.weights[0] = 0.0

    def score(self, lines: list[str]) -> list[float]:
        """Pad the lines to one length and take all of them together."""
        longest = max(1, max(len(line) for line in lines))
        codes = np.zeros((len(lines), longest), dtype=np.int64)
        for row, line in enumerate(lines):
            codes[row, : len(line)] = [1 + ord(letter) % 255 for letter in line]
        return self.weights[codes].mean(axis=1).tolist()

    def predict(
        self,
        text: str = Input(
            description="Each line is scored on its own; at most 100 lines.",
            default="first\nsecond\nthird\nfourth",
            max_length=6000,
        ),
        batch_size: int = Input(
            description="Lines that are taken together; matters for speed only.",
            default=1,
            ge=1,
            le=32,
        ),
        digits: int = Input(description="Decimals of a score.", default=4, ge=1, le=8),
    ) -> list[float]:
        """A score from 0 to 1 for each line, 0 for an empty one."""
        lines = text.splitlines()
        if len(lines) > 100:
            raise ValueError("more than 100 lines")
        scores = []
        for start in range(0, len(lines), batch_size):
            scores += self.score(lines[start : start + batch_size])
        return [round(score, digits) for score in scores]
