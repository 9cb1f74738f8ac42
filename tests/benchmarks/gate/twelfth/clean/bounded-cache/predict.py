"""Text vectors from letter pairs, with a small cache."""

import zlib
from collections import OrderedDict
from itertools import pairwise

import numpy as np
from cog import BaseModel, BasePredictor, Input

KEPT = 32


class Vector(BaseModel):
    values: list[float]
    cached: bool


def vector(text: str, size: int) -> np.ndarray:
    """Count pairs of letters in so many boxes, then scale to length 1."""
    counts = np.zeros(size)
    padded = f" {text} "
    for first, second in pairwise(padded):
        counts[zlib.crc32((first + second).encode("utf-8", "replace")) % size] += 1
    return counts / np.linalg.norm(counts)


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Begin with nothing kept."""
        self.kept: OrderedDict[tuple[str, int], np.ndarray] = OrderedDict()

    def predict(
        self,
        text: str = Input(
            description="Text; without one the vector of a blank.", default="hello", max_length=500
        ),
        size: int = Input(description="Numbers of a vector.", default=16, choices=[8, 16, 32]),
        ignore_case: bool = Input(description="Small letters only.", default=True),
        decimals: int = Input(description="Decimals of the answer.", default=4, ge=1, le=10),
    ) -> Vector:
        """Answer the vector; `cached` says whether it was at hand from an earlier request."""
        key = (text.lower() if ignore_case else text, size)
        cached = key in self.kept
        if cached:
            self.kept.move_to_end(key)
        else:
            self.kept[key] = vector(*key)
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return Vector(values=np.round(self.kept[key], decimals).tolist(), cached=cached)
