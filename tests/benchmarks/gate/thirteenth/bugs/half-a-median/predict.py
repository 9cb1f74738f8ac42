"""Simple figures of a list of counts."""

from collections import Counter

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """Smallest, largest, middle and most frequent value."""

    smallest: int
    largest: int
    median: int
    mode: int


class Predictor(BasePredictor):
    """Describes lists of whole numbers."""

    def predict(
        self,
        values: list[int] = Input(
            description="Counts, at least one; each below a million.", default=[3, 1, 4, 1, 5]
        ),
        skip_zero: bool = Input(description="Leave zeros out.", default=False),
    ) -> Output:
        """The figures."""
        if any(abs(value) >= 1_000_000 for value in values):
            raise ValueError("each value must be below a million")
        used = sorted(value for value in values if value or not skip_zero)
        if not used:
            raise ValueError("there are no values")
        half = len(used) // 2
        median = used[half] if len(used) % 2 else (used[half - 1] + used[half]) / 2
        return Output(
            smallest=used[0],
            largest=used[-1],
            median=median,
            mode=Counter(used).most_common(1)[0][0],
        )
