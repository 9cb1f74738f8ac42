"""Follows the steps of a sorting machine."""

import logging
import tempfile

from cog import BasePredictor, Input, Path

log = logging.getLogger("sorter")
log.setLevel(logging.INFO)
log.propagate = False


def listen():
    """A file that takes down what is logged from here on."""
    with tempfile.NamedTemporaryFile(suffix=".log", delete=False) as file:
        handler = logging.FileHandler(file.name, encoding="utf-8", errors="replace")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    return Path(file.name)


class Predictor(BasePredictor):
    def predict(
        self,
        numbers: list[int] = Input(description="Up to 30 numbers to sort.", default=[5, 2, 9, 1]),
        falling: bool = Input(description="Whether the largest comes first.", default=False),
    ) -> Path:
        """A log of the swaps, one per line, and the sorted numbers in its last line."""
        if len(numbers) > 30:
            raise ValueError("numbers: more than 30")
        target = listen()
        row = list(numbers)
        for end in range(len(row) - 1, 0, -1):
            for place in range(end):
                left, right = row[place], row[place + 1]
                if left < right if falling else left > right:
                    row[place], row[place + 1] = right, left
                    log.info("swap %s and %s", left, right)
        log.info("sorted: %s", " ".join(str(number) for number in row))
        return target
