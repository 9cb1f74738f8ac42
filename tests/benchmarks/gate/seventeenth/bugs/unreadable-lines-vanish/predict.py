"""Describes a column of numbers."""

import contextlib
import math
import statistics

from cog import BaseModel, BasePredictor, Input


class Column(BaseModel):
    count: int
    mean: float
    median: float
    lowest: float
    highest: float


def number(line):
    """What a line says, within reason."""
    value = float(line)
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ValueError("the number is too large")
    return value


class Predictor(BasePredictor):
    def predict(
        self,
        column: str = Input(
            description="One number per line, from -1e12 to 1e12. Blank lines are skipped; a line "
            "that is not such a number is refused, so that no value is lost unseen.",
            default="3\n4.5\n6",
            max_length=20000,
        ),
    ) -> Column:
        """How many numbers there are, their mean and median, the lowest and the highest."""
        lines = [line.strip() for line in column.splitlines() if line.strip()]
        values = []
        for line in lines:
            with contextlib.suppress(ValueError):
                values.append(number(line))
        if not values:
            raise ValueError("column: there is no number in it")
        return Column(
            count=len(values),
            mean=round(math.fsum(values) / len(values), 6),
            median=round(statistics.median(values), 6),
            lowest=min(values),
            highest=max(values),
        )
