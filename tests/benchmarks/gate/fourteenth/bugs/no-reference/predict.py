"""Compares what was heard with what was said."""

from cog import BaseModel, BasePredictor, Input


def distance(said: list[str], heard: list[str]) -> int:
    """The fewest words to change, leave out or put in."""
    row = list(range(len(heard) + 1))
    for i, left in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, right in enumerate(heard, start=1):
            change = before + (left != right)
            before = row[j]
            row[j] = min(change, row[j] + 1, row[j - 1] + 1)
    return row[-1]


class Rate(BaseModel):
    """The share of wrong words, and how many there are."""

    errors: int
    words: int
    rate: float


class Predictor(BasePredictor):
    """Word error rate."""

    def predict(
        self,
        reference: str = Input(
            description="What was said; may be empty.",
            default="please close the window",
            max_length=1000,
        ),
        transcript: str = Input(
            description="What was heard; may be empty.",
            default="please close a window",
            max_length=1000,
        ),
        ignore_case: bool = Input(description="Take A and a for the same.", default=True),
        percent: bool = Input(description="Give the rate times 100.", default=False),
    ) -> Rate:
        """Errors per word of the reference."""
        if ignore_case:
            reference, transcript = reference.lower(), transcript.lower()
        said, heard = reference.split(), transcript.split()
        errors = distance(said, heard)
        rate = errors / len(said)
        return Rate(errors=errors, words=len(said), rate=round(rate * 100 if percent else rate, 4))
