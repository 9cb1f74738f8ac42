"""Shorten a text to its most telling sentences."""

import re
from collections import Counter

from cog import BasePredictor, Input

END = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[^\W\d_]{4,}")


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to shorten.",
            default=(
                "The harbour opened the harbour market in spring. Boats bring fish to the harbour "
                "market each morning. It rained. Some visitors stay until evening."
            ),
            max_length=20000,
        ),
        sentences: int = Input(
            description="Keep at most this many sentences.", default=2, ge=1, le=20
        ),
    ) -> str:
        """Return the sentences with the commonest words, in the order of the text."""
        parts = [part.strip() for part in END.split(text) if part.strip()]
        if not parts:
            raise ValueError("there is no sentence in the text")
        common = Counter(word.lower() for word in WORD.findall(text))

        def score(sentence: str) -> float:
            words = WORD.findall(sentence)
            return sum(common[word.lower()] for word in words) / (len(words) + 1)

        ranked = sorted(parts, key=score, reverse=True)
        return " ".join(ranked[:sentences])
