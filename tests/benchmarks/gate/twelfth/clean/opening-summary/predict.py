"""Summaries: picks the sentences of an article that hold its most frequent words."""

import re
from collections import Counter

from cog import BaseModel, BasePredictor, Input

WINDOW = 120
SAMPLE = (
    "The bridge over the river is closed. Workers found cracks in the bridge last week. "
    "A ferry takes people over the river until the bridge is mended. The weather stays dry."
)


class Summary(BaseModel):
    sentences: list[str]
    read_words: int
    complete: bool


class Predictor(BasePredictor):
    def predict(
        self,
        article: str = Input(
            description=f"Text. Only sentences that begin within the first {WINDOW} words are "
            "read; `complete` says whether that was all.",
            default=SAMPLE,
            max_length=20000,
        ),
        count: int = Input(
            description="At most so many sentences; none for a text without words.",
            default=2,
            ge=1,
            le=10,
        ),
        least_letters: int = Input(
            description="Shorter words do not count.", default=4, ge=1, le=10
        ),
        skip_first: bool = Input(
            description="Leave the first sentence out, as a headline.", default=False
        ),
    ) -> Summary:
        """Pick sentences and return them in the order of the text."""
        split = re.split(r"(?<=[.!?])\s+", article.strip())
        read, words = [], 0
        sentences = [" ".join(part.split()) for part in split if re.search(r"\w", part)]
        for sentence in sentences:
            if words >= WINDOW:
                break
            read.append(sentence)
            words += len(sentence.split())
        kept = read[1:] if skip_first else read
        bags = [
            [word for word in re.findall(r"\w+", text.lower()) if len(word) >= least_letters]
            for text in kept
        ]
        counts = Counter(word for bag in bags for word in set(bag))
        weights = [sum(counts[word] for word in set(bag)) for bag in bags]
        best = sorted(range(len(kept)), key=lambda place: (-weights[place], place))[:count]
        return Summary(
            sentences=[kept[place] for place in sorted(best)],
            read_words=words,
            complete=len(read) == len(sentences),
        )
