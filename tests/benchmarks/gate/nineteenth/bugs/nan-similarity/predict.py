"""Ranks documents by their likeness to a query, with hashed bags of words."""

import re
import zlib

import numpy as np
from cog import BaseModel, BasePredictor, Input

WIDTH = 256
SAMPLE = "bread from the village oven\na boat on the lake\nfresh bread and butter"


class Scores(BaseModel):
    scores: list[float]
    best: int


def embed(text: str) -> np.ndarray:
    """How often each word comes up, each in the place that its checksum gives."""
    vector = np.zeros(WIDTH)
    for word in re.findall(r"\w+", text.lower()):
        vector[zlib.crc32(word.encode("utf-8", "replace")) % WIDTH] += 1
    return vector


class Predictor(BasePredictor):
    def predict(
        self,
        query: str = Input(
            description="What to look for: at least one word.", default="bread", max_length=2000
        ),
        documents: str = Input(
            description="The documents, one to a line, at most 500.",
            default=SAMPLE,
            max_length=50000,
        ),
    ) -> Scores:
        """A score from 0 to 1 for each line, and the number (from 0) of the best."""
        wanted = embed(query)
        if not wanted.any():
            raise ValueError("query holds no word")
        lines = documents.split("\n")
        if len(lines) > 500:
            raise ValueError("documents holds more than 500 lines")
        table = np.stack([embed(line) for line in lines])
        lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(wanted)
        scores = np.minimum(table @ wanted / lengths, 1.0)
        return Scores(scores=[float(score) for score in scores], best=int(np.argmax(scores)))
