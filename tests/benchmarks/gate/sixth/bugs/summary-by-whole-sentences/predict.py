"""The sentences of a text that say most."""

import re
from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="What to sum up.",
            default="The river rose in May. The bridge was shut. People rowed over the river.",
            max_length=20000,
        ),
        max_words: int = Input(
            description="The summary never has more words than this.", default=40, ge=5, le=200
        ),
    ) -> str:
        sentences = [one for one in re.split(r"(?<=[.!?])\s+", text.strip()) if one]
        if not sentences:
            raise ValueError("text must have a sentence")
        counts = Counter(re.findall(r"\w+", text.lower()))

        def weight(sentence: str) -> float:
            words = re.findall(r"\w+", sentence.lower())
            return sum(counts[word] for word in words) / (len(words) or 1)

        chosen: set[int] = set()
        length = 0
        for at in sorted(range(len(sentences)), key=lambda at: -weight(sentences[at])):
            if length >= max_words:
                break
            chosen.add(at)
            length += len(sentences[at].split())
        return " ".join(sentences[at] for at in sorted(chosen))
