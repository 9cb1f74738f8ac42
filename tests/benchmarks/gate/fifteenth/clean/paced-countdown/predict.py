"""Count down aloud, at a pace."""

import time

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """A countdown for a start."""

    def predict(
        self,
        start: int = Input(description="Where to begin", default=5, ge=0, le=20),
        pause_ms: int = Input(
            description="Wait so long after each number: 20 numbers take up to a second",
            default=5,
            ge=0,
            le=50,
        ),
        last: str = Input(
            description="What is said at zero; may be empty, and then nothing is",
            default="go",
            max_length=100,
        ),
    ) -> ConcatenateIterator[str]:
        """Yield the numbers, each with a space, then the last word; from 0 only the last word."""
        for number in range(start, 0, -1):
            yield f"{number} "
            time.sleep(pause_ms / 1000)
        if last:
            yield last
