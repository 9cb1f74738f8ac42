"""Shortens a text to the sentences that say most."""

import math
import re
from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to shorten. A sentence ends with `.`, `!` or `?` and a space.",
            default="The kettle boils. Tea is made. The tea is hot. We wait. Then we drink tea.",
            max_length=10000,
        ),
        share: float = Input(
            description="Share of the sentences to keep, rounded up. If it is not given, half of "
            "the sentences are kept.",
            default=0.2,
            ge=0,
            le=1,
        ),
    ) -> str:
        """The sentences with the most frequent words, in the order in which they stand."""
        sentences = [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]
        words = [re.findall(r"\w+", sentence.lower()) for sentence in sentences]
        counts = Counter(word for sentence in words for word in sentence)
        scores = [sum(counts[word] for word in set(sentence)) for sentence in words]
        best = sorted(range(len(sentences)), key=lambda number: -scores[number])
        kept = sorted(best[: math.ceil(round(len(sentences) * share, 9))])
        return " ".join(sentences[number] for number in kept)
