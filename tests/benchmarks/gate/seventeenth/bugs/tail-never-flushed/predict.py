"""Reads a text out loud, in capitals, sentence by sentence."""

from cog import BasePredictor, ConcatenateIterator, Input

ENDS = ".!?"


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to read; the pieces together are all of it, in capitals.",
            default="The kettle is on. Tea is ready soon.",
            max_length=5000,
        ),
        pause: bool = Input(
            description="Whether a line break is added after each `.`, `!` and `?`.", default=False
        ),
    ) -> ConcatenateIterator[str]:
        """A piece whenever a `.`, `!` or `?` is read, and what comes after the last of them."""
        waiting = []
        for letter in text:
            waiting.append(letter)
            if letter in ENDS:
                yield "".join(waiting).upper() + ("\n" if pause else "")
                waiting.clear()
