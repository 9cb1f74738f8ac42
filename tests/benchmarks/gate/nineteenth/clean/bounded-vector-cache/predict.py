"""Tells how alike two texts are, and remembers the vectors of the last texts it saw."""

import math
import zlib
from functools import lru_cache

from cog import BasePredictor, Input

WIDTH = 128


@lru_cache(maxsize=256)
def vector(text: str, letters: int) -> tuple[float, ...]:
    """How often each group of letters comes up, at length 1; all 0 if there is none."""
    counts = [0.0] * WIDTH
    for at in range(len(text) - letters + 1):
        group = text[at : at + letters].encode("utf-8", "replace")
        counts[zlib.crc32(group) % WIDTH] += 1
    length = math.sqrt(sum(count * count for count in counts))
    return tuple(count / length for count in counts) if length else tuple(counts)


class Predictor(BasePredictor):
    def predict(
        self,
        first: str = Input(description="A text.", default="a red boat", max_length=2000),
        second: str = Input(description="Another.", default="two red boats", max_length=2000),
        letters: int = Input(
            description="Length of the groups of letters that are compared.", default=2, ge=1, le=5
        ),
        ignore_case: bool = Input(description="Large and small letters are alike.", default=True),
    ) -> float:
        """From 0 to 1, to 4 places. A text that is shorter than a group is like nothing: 0."""
        if ignore_case:
            first, second = first.lower(), second.lower()
        pairs = zip(vector(first, letters), vector(second, letters), strict=True)
        return round(min(1.0, sum(one * other for one, other in pairs)), 4)
