"""Turns texts into vectors for a search."""

import hashlib
import math
import re
import unicodedata

from cog import BasePredictor, Input


def words(text):
    """Words without regard to case and width."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def place(word, size):
    """The number of the entry that a word counts for."""
    digest = hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % size


class Predictor(BasePredictor):
    """Counts words in so many drawers; the order of words, signs and blanks do not matter."""

    def predict(
        self,
        texts: list[str] = Input(
            description="500 texts at most.", default=["a red boat", "the boat is red"]
        ),
        size: int = Input(
            description="Numbers in a vector. In few, different words share one more often.",
            default=16,
            choices=[8, 16, 64, 256],
        ),
    ) -> list[list[float]]:
        """A vector of length 1 for each text, to four digits; all zeros if it has no words."""
        if len(texts) > 500:
            raise ValueError("texts: 500 at most")
        vectors = []
        for text in texts:
            counts = [0] * size
            for word in words(text):
                counts[place(word, size)] += 1
            length = math.sqrt(sum(count * count for count in counts)) or 1.0
            vectors.append([round(count / length, 4) for count in counts])
        return vectors
