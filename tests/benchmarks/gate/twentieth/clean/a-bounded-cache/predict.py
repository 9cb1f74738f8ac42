"""Embeds short texts for the matching of product titles."""

import hashlib
import re
from functools import lru_cache

import numpy as np
from cog import BasePredictor, Input

SIZE = 64
LONGEST = 5000
WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)
def word_vector(word: str) -> np.ndarray:
    """Give the vector of a word; the common words are asked for again and again."""
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
    vector = np.random.default_rng(int.from_bytes(digest[:8], "big")).standard_normal(SIZE)
    vector.setflags(write=False)
    return vector


class Predictor(BasePredictor):
    def predict(
        self,
        title: str = Input(
            description="Title to embed; the order of its words does not matter, a title without "
            "any letter or digit gives 64 zeros, one of more than 5000 characters is refused",
            default="blue cotton shirt with long sleeves",
        ),
        digits: int = Input(
            description="Decimal places to round the numbers to", ge=2, le=8, default=6
        ),
    ) -> list[float]:
        """Give 64 numbers, of length 1 before rounding unless they are all zero."""
        if len(title) > LONGEST:
            raise ValueError(f"title has more than {LONGEST} characters")
        total = np.zeros(SIZE)
        for word in sorted(WORD.findall(title.casefold())):
            total = total + word_vector(word)
        length = float(np.linalg.norm(total))
        if length > 0:
            total = total / length
        return [round(float(number), digits) for number in total]
