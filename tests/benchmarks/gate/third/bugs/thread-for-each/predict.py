"""Streams a text word by word; a thread of its own makes it."""

import queue
import threading

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to say.", default="once upon a time"),
        max_words: int = Input(description="Words at most.", default=3, ge=1, le=100),
    ) -> ConcatenateIterator[str]:
        made: queue.Queue[str | None] = queue.Queue(maxsize=2)
        words = (prompt.split() or ["..."]) * 5

        def make() -> None:
            for word in words:
                made.put(word)
            made.put(None)

        threading.Thread(target=make, daemon=True).start()
        for _ in range(max_words):
            if (word := made.get()) is None:
                return
            yield word + " "
