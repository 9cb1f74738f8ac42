"""Compares two short texts."""

from cog import BaseModel, BasePredictor, Input


class Compared(BaseModel):
    distance: int
    similarity: float


def distance(first, second):
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, 1):
        corner, row[0] = row[0], place
        for other, opposite in enumerate(second, 1):
            change = corner + (letter != opposite)
            corner = row[other]
            row[other] = min(row[other] + 1, row[other - 1] + 1, change)
    return row[-1]


class Predictor(BasePredictor):
    def predict(
        self,
        first: str = Input(description="One text.", default="kitchen", max_length=200),
        second: str = Input(description="The other text.", default="chicken", max_length=200),
        same_case: bool = Input(description="Small and capital letters differ.", default=True),
    ) -> Compared:
        """Return the number of edits between the texts, and a similarity from 0 to 1."""
        if not same_case:
            first, second = first.casefold(), second.casefold()
        edits = distance(first, second)
        return Compared(distance=edits, similarity=1 - edits / max(len(first), 1))
