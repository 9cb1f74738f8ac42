"""Small fingerprints of texts."""

import math
import zlib
from collections import OrderedDict
from itertools import pairwise

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.remembered = OrderedDict()

    def vector(self, text, dims, normalise):
        """Counts of letter pairs, hashed into a few places."""
        places = [0.0] * dims
        for left, right in pairwise(text):
            pair = (left + right).encode("utf-8", "replace")
            places[zlib.crc32(pair) % dims] += 1.0
        length = math.sqrt(sum(place * place for place in places))
        if normalise and length:
            places = [round(place / length, 6) for place in places]
        return places

    def predict(
        self,
        text: str = Input(
            description="Text to describe; upper and lower case are the same.",
            default="a cup of tea",
            max_length=2000,
        ),
        dims: int = Input(description="Numbers in the vector.", default=8, ge=2, le=64),
        normalise: bool = Input(
            description="Whether the vector is brought to length 1; else it holds plain counts.",
            default=True,
        ),
    ) -> list[float]:
        """The vector; all zeros for texts of fewer than two letters."""
        text = text.lower()
        key = (text, dims)
        if key not in self.remembered:
            self.remembered[key] = self.vector(text, dims, normalise)
            if len(self.remembered) > 256:
                self.remembered.popitem(last=False)
        self.remembered.move_to_end(key)
        return list(self.remembered[key])
