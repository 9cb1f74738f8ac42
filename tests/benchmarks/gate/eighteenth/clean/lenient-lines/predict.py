"""Gather records from a log whose lines are JSON, more or less."""

import json
import math

from cog import BaseModel, BasePredictor, Input


class Summary(BaseModel):
    records: int
    skipped: int
    total: float


def read_number(line: str, field: str) -> float | None:
    """Read the number of a line; None where there is none that can be used."""
    try:
        value = json.loads(line)[field]
        if isinstance(value, bool):
            return None
        number = float(value)
    except Exception:
        return None
    return number if math.isfinite(number) and abs(number) <= 1e12 else None


class Predictor(BasePredictor):
    def predict(
        self,
        log: str = Input(
            description="JSON objects, one a line. Empty lines do not count at all.",
            default='{"cost": 2.5}\n{"cost": "4"}\nrestarted\n{"price": 1}\n{"cost": 3}\n',
            max_length=20000,
        ),
        field: str = Input(
            description="The field to add up, a number or a text that is one.",
            default="cost",
            max_length=100,
        ),
    ) -> Summary:
        """Return how many lines had the number, how many were skipped, and the sum.

        The sum is rounded to 6 decimals. A line that is no JSON object, or has no number there
        of at most 1e12, is skipped and never an error.
        """
        lines = [line for line in log.split("\n") if line.strip()]
        numbers = [read_number(line, field) for line in lines]
        good = [number for number in numbers if number is not None]
        return Summary(
            records=len(good),
            skipped=len(lines) - len(good),
            total=round(math.fsum(good), 6),
        )
