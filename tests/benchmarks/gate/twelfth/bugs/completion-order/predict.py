"""Key words of documents: several documents at once."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed

from cog import BasePredictor, Input

COMMON = {"the", "and", "for", "with", "that", "this", "from", "are", "was", "has", "have"}
MOST = 64


def key_words(document: str, count: int, letters: int) -> list[str]:
    """The most frequent words; equally frequent ones by the alphabet."""
    words = re.findall(r"[^\W\d_]+", document.lower())
    counts = Counter(word for word in words if len(word) >= letters and word not in COMMON)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ranked[:count]]


class Predictor(BasePredictor):
    def predict(
        self,
        documents: list[str] = Input(
            description="Documents, up to 64. There is one list of key words for each, in order.",
            default=["The harbour was full of boats, and more boats came to the harbour."],
        ),
        count: int = Input(description="Key words of a document.", default=5, ge=1, le=20),
        letters: int = Input(description="Letters of the shortest word.", default=3, ge=1, le=12),
        workers: int = Input(description="Documents at once.", default=4, choices=[1, 2, 4]),
    ) -> list[list[str]]:
        """Find the key words of each document."""
        if not documents or len(documents) > MOST:
            raise ValueError(f"between 1 and {MOST} documents")
        with ThreadPoolExecutor(workers) as pool:
            running = [pool.submit(key_words, text, count, letters) for text in documents]
            return [done.result() for done in as_completed(running)]
