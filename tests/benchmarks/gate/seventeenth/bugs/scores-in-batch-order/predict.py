"""Scores how friendly texts are, a few at a time."""

import re

import numpy as np
from cog import BasePredictor, Input

WEIGHTS = {"good": 1.0, "nice": 0.8, "thanks": 0.6, "bad": -1.0, "awful": -0.9, "late": -0.4}
BATCH = 8


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.words = {word: number for number, word in enumerate(WEIGHTS, 1)}
        self.weights = np.array([0.0, *WEIGHTS.values()])

    def forward(self, batch):
        """Scores of rows that are padded to the longest of them."""
        width = max(len(row) for row in batch)
        padded = np.zeros((len(batch), width), dtype=np.int64)
        for number, row in enumerate(batch):
            padded[number, : len(row)] = row
        lengths = np.array([max(len(row), 1) for row in batch])
        return self.weights[padded].sum(axis=1) / lengths

    def predict(
        self,
        texts: list[str] = Input(
            description="Up to 100 texts of up to 2,000 characters each.",
            default=["bad", "good and nice", "thanks but it was late"],
        ),
    ) -> list[float]:
        """One score for each text, in the order of the texts: above 0 is friendly, below is not."""
        if len(texts) > 100 or any(len(text) > 2000 for text in texts):
            raise ValueError("texts: up to 100 of them, of up to 2,000 characters each")
        rows = [[self.words.get(word, 0) for word in re.findall(r"\w+", t.lower())] for t in texts]
        rows.sort(key=len)  # rows of like length share a batch: less padding
        scores = []
        for start in range(0, len(rows), BATCH):
            scores.extend(self.forward(rows[start : start + BATCH]))
        return [round(float(score), 4) for score in scores]
