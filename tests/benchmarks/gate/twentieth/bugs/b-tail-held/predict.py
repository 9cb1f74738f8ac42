"""Tells a short tale about a topic and stops where it is told to."""

import re
from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

OPENINGS = {
    "sea": "The boat left the harbour before dawn.",
    "forest": "Between the old trees a path began.",
    "town": "On market day the square was full.",
}
MIDDLE = (
    "Nobody knew yet what the day would bring. A dog barked twice, and then it was quiet again."
)
END = "By nightfall all were home, and the lamps were lit."


class Predictor(BasePredictor):
    """A teller of three kinds of tales."""

    def predict(
        self,
        topic: str = Input(
            description="What the tale is about.", default="sea", choices=["sea", "forest", "town"]
        ),
        repeats: int = Input(
            description="How often the middle part is told.", default=1, ge=1, le=20
        ),
        stop: str = Input(
            description=(
                "The tale ends right before the first place where this text comes. Where it never "
                "comes, or is empty, the tale is told in full. A line feed closes it in any case."
            ),
            default="",
        ),
    ) -> ConcatenateIterator[str]:
        """Stream the tale word by word."""
        words = self.words(topic, repeats)
        yield from self.until(words, stop) if stop else words
        yield "\n"

    def words(self, topic: str, repeats: int) -> Iterator[str]:
        tale = " ".join([OPENINGS[topic], *[MIDDLE] * repeats, END])
        yield from re.findall(r"\S+\s*", tale)

    def until(self, words: Iterator[str], stop: str) -> Iterator[str]:
        """Hold back as much as could be the beginning of the stop text."""
        held = ""
        for word in words:
            held += word
            at = held.find(stop)
            if at >= 0:
                if at:
                    yield held[:at]
                return
            safe = len(held) - len(stop) + 1
            if safe > 0:
                yield held[:safe]
                held = held[safe:]
