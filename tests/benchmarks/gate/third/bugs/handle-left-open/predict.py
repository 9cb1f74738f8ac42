"""Writes a text to a file and hands its words on to a counter."""

import os
import tempfile

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="one two three"),
    ) -> int:
        _, name = tempfile.mkstemp(suffix=".txt")
        try:
            with open(name, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
            with open(name, encoding="utf-8") as file:
                return sum(len(line.split()) for line in file)
        finally:
            os.unlink(name)
