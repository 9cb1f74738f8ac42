"""Takes next to no time, unless it is asked to."""

import os
import time

from cog import BasePredictor


class Predictor(BasePredictor):
    """Answers with the text; a few texts mean something else."""

    def predict(self, text: str, print_too: bool = False, pause_s: float = 0.0) -> str:
        """Answer."""
        if print_too:
            print(f"said {text}")  # noqa: T201
        time.sleep(pause_s)
        if text == "raise":
            raise ValueError("as asked")
        if text == "exit":
            os._exit(7)
        return text
