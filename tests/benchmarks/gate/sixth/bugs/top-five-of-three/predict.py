"""Which of the given labels suit a text best."""

import itertools
import zlib

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Guess(BaseModel):
    label: str
    score: float


def vector(text: str) -> np.ndarray:
    """A text as numbers: how often each pair of letters is in it."""
    counts = np.zeros(64)
    for pair in itertools.pairwise(text):
        counts[zlib.crc32("".join(pair).encode()) % 64] += 1
    return counts / (np.linalg.norm(counts) or 1.0)


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to label.", min_length=1, max_length=2000),
        labels: str = Input(
            description="Labels to choose from, with commas between them.",
            default="sports, politics, science, weather, music, travel, health",
        ),
        top_k: int = Input(description="How many of the best to return.", default=3, ge=1, le=10),
    ) -> list[Guess]:
        names = [name.strip() for name in labels.split(",") if name.strip()]
        if not names:
            raise ValueError("labels must name at least one label")
        scores = np.array([vector(name) @ vector(text) for name in names])
        best = np.argpartition(-scores, top_k - 1)[:top_k]
        best = best[np.argsort(-scores[best])]
        return [Guess(label=names[at], score=float(scores[at])) for at in best]
