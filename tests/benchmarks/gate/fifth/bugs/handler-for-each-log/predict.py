"""Sorts the words of a text, and keeps a diary of it."""

import logging
import tempfile

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.diary = f"{tempfile.mkdtemp()}/diary.log"

    def predict(
        self,
        text: str = Input(description="Words to sort.", default="pear apple fig"),
        descending: bool = Input(description="The last one first.", default=False),
    ) -> list[str]:
        log = logging.getLogger("diary")
        log.addHandler(logging.FileHandler(self.diary, "w"))
        log.warning("%d letters", len(text))
        return sorted(text.split(), reverse=descending)
