"""Counts the syllables of a text, passage by passage."""

import queue
import re

from cog import BasePredictor, Input

PASSAGE = 400


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="English text.", default="A rather pleasant afternoon."),
        vowels: str = Input(description="What to count.", default="aeiouy", max_length=12),
    ) -> list[int]:
        waiting: queue.Queue[str] = queue.Queue(maxsize=16)
        for start in range(0, len(text), PASSAGE):
            waiting.put(text[start : start + PASSAGE])
        counts = []
        group = re.compile(f"[{re.escape(vowels)}]+") if vowels else re.compile("(?!)")
        while not waiting.empty():
            counts.append(len(group.findall(waiting.get().lower())))
        return counts
