"""A text's letters shuffled, with much ado in the logs."""

import random
import sys

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Letters to shuffle.", default="anagram", max_length=200),
        seed: int = Input(description="The same seed, the same order.", default=0, ge=0),
    ) -> str:
        print("WARNING: no GPU was found, ERROR rate unknown, falling back to CPU", file=sys.stderr)
        if len(text) < 2:
            print("Traceback: nothing to shuffle; failed to do anything, and that is fine")
        letters = list(text)
        random.Random(seed).shuffle(letters)
        return "".join(letters)
