"""Compare texts by the pairs of letters that they share."""

from collections import Counter
from functools import lru_cache

from cog import BasePredictor, Input


@lru_cache(maxsize=64)
def signature(text: str) -> tuple[tuple[str, int], ...]:
    """Count the pairs of letters; the latest texts are remembered."""
    letters = " ".join(text.lower().split())
    pairs = Counter(letters[at : at + 2] for at in range(len(letters) - 1))
    return tuple(pairs.items())


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Remember the text that most requests compare with."""
        signature("the quick brown fox jumps over the lazy dog")

    def predict(
        self,
        first: str = Input(
            description="A text.",
            default="the quick brown fox jumps over the lazy dog",
            max_length=2000,
        ),
        second: str = Input(
            description="Another text.", default="a quick fox jumps over a dog", max_length=2000
        ),
    ) -> float:
        """Return 1 for the same pairs of letters and 0 for none in common.

        Capitals and extra spaces make no difference; a text without a pair is like nothing: 0.
        """
        one, two = Counter(dict(signature(first))), Counter(dict(signature(second)))
        total = one.total() + two.total()
        if total == 0:
            return 0.0
        return round(2 * (one & two).total() / total, 4)
