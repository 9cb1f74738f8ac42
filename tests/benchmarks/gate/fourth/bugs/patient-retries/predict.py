"""Finds the first sentence that a text holds."""

import re
import time

from cog import BasePredictor, Input


def parsed(text: str) -> str:
    found = re.search(r"\w[^.!?]*[.!?]", text)
    if found is None:
        raise LookupError
    return found.group()


class Predictor(BasePredictor):
    def predict(
        self, text: str = Input(description="A text.", default="It rained. We stayed in.")
    ) -> str:
        for attempt in range(6):
            try:
                return parsed(text)
            except LookupError:
                time.sleep(0.25 * 2**attempt)
        raise ValueError("text holds no sentence")
