"""Tells how friendly a text sounds."""

import re
import zlib

import torch
from cog import BaseModel, BasePredictor, Input

BUCKETS = 256


class Output(BaseModel):
    score: float
    label: str


class Predictor(BasePredictor):
    def setup(self) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(11)
        self.network = torch.nn.Sequential(
            torch.nn.Linear(BUCKETS, 32),
            torch.nn.ReLU(),
            torch.nn.Dropout(0.2),
            torch.nn.Linear(32, 1),
            torch.nn.Tanh(),
        )

    def predict(
        self,
        text: str = Input(
            description="The text to judge.",
            default="Thank you so much, that was a lovely evening!",
            max_length=5000,
        ),
        threshold: float = Input(
            description="From which score on a text counts as friendly.", default=0.0, ge=-1, le=1
        ),
    ) -> Output:
        """A score from -1 to 1; the same text has the same score every time."""
        features = torch.zeros(1, BUCKETS)
        for word in re.findall(r"\w+", text.lower()):
            features[0, zlib.crc32(word.encode("utf-8", "replace")) % BUCKETS] += 1.0
        features /= features.sum().clamp(min=1.0)
        with torch.no_grad():
            score = round(float(self.network(features * 10)[0, 0]), 4)
        return Output(score=score, label="friendly" if score >= threshold else "unfriendly")
