"""A model that does what it is told, good or bad: for trying what a failure does."""

import os
import tempfile
import time

from cog import BasePredictor, Input

DEEDS = ["succeed", "fail", "sleep", "crash", "memory", "hang", "bad_output", "leak_file"]


class Predictor(BasePredictor):
    """Succeeds, fails, sleeps, crashes or hangs, by choice."""

    def predict(
        self,
        do: str = Input(description="What to do.", default="succeed", choices=DEEDS),
        seconds: float = Input(description="How long to sleep first.", default=0.0, ge=0, le=3600),
        text: str = Input(description="What to answer.", default="done"),
    ) -> str:
        """Do it."""
        time.sleep(seconds)
        if do == "fail":
            raise ValueError("this row was asked to fail")
        if do == "crash":
            os._exit(1)
        if do == "memory":
            raise MemoryError
        if do == "bad_output":
            return {"not": "a string"}
        if do == "leak_file":
            with tempfile.NamedTemporaryFile("w", delete=False) as file:
                file.write("left behind")
        while do == "hang":
            time.sleep(3600)
        return text
