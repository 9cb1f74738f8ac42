"""Tells a text word by word, and how far it is; fails, or takes its time, where it is asked to."""

import sys
import time

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """A language model, as far as its clients can see."""

    def predict(
        self,
        text: str = Input(description="What to tell."),
        pause_s: float = Input(description="After each word.", default=0.0, ge=0, le=60),
        fails_at: int = Input(description="The word at which it fails.", default=-1),
    ) -> ConcatenateIterator[str]:
        """Tell it."""
        words = text.split(" ")
        for number, word in enumerate(words):
            if number == fails_at:
                raise ValueError(f"word {number} is too hard")
            sys.stderr.write(f"{100 * number // len(words)}%|##  | {number}/{len(words)} [...]\n")
            yield word if number == 0 else f" {word}"
            time.sleep(pause_s)
