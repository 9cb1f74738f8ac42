"""Lists the most frequent words of a text."""

import re
import tempfile
from collections import Counter

from cog import BaseModel, BasePredictor, Input

SMALL = {"a", "an", "and", "in", "is", "it", "of", "on", "or", "the", "to", "was"}
WORD = re.compile(r"[^\W\d_]+")


class Output(BaseModel):
    """The words, most frequent first, how often each comes, and how many were counted at all."""

    words: list[str]
    counts: list[int]
    total: int


def count_file(name: str, skip: set[str]) -> Counter:
    """Count the words of a file line by line."""
    counter: Counter = Counter()
    with open(name, encoding="utf-8") as file:
        for line in file:
            counter.update(word for word in WORD.findall(line.lower()) if word not in skip)
    return counter


class Predictor(BasePredictor):
    """A counter of words."""

    def predict(
        self,
        text: str = Input(
            description="Text to count.",
            default="The cat sat on the mat, and the dog sat by the door.",
        ),
        top: int = Input(description="How many words to list at most.", default=5, ge=1, le=100),
        skip_small: bool = Input(description="Leave small words out.", default=True),
    ) -> Output:
        """Count the words; those that come equally often stay in the order of the text."""
        with tempfile.NamedTemporaryFile("wb", suffix=".txt", delete=False) as scratch:
            scratch.write(text.encode("utf-8", "replace"))
        counter = count_file(scratch.name, SMALL if skip_small else set())
        best = counter.most_common(top)
        return Output(
            words=[word for word, _ in best],
            counts=[count for _, count in best],
            total=counter.total(),
        )
