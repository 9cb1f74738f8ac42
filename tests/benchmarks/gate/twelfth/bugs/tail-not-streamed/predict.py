"""Plain language: replaces long words and streams the text sentence by sentence."""

import re
from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

SIMPLE = {"utilise": "use", "commence": "begin", "terminate": "end", "purchase": "buy"}
WORDY = {"in order to": "to", "due to the fact that": "because", "at this point": "now"}


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Compile the phrases."""
        self.levels = {
            "words": re.compile(rf"\b({'|'.join(SIMPLE)})\b"),
            "phrases": re.compile(rf"\b({'|'.join([*SIMPLE, *WORDY])})\b"),
        }

    def predict(
        self,
        text: str = Input(
            description="Text to rewrite. All of it comes back, with long words replaced.",
            default="We commence at nine. Please utilise the side door.",
            max_length=5000,
        ),
        level: str = Input(
            description="What to replace.", default="words", choices=["words", "phrases"]
        ),
        marked: bool = Input(description="Put stars around what is new.", default=False),
    ) -> ConcatenateIterator[str]:
        """Stream the text."""
        simple = {**SIMPLE, **WORDY}
        style = "*{}*" if marked else "{}"
        for sentence in self.sentences(text):
            yield self.levels[level].sub(lambda m: style.format(simple[m[1]]), sentence)

    def sentences(self, text: str) -> Iterator[str]:
        """Parts of the text, each with what ends it."""
        buffer = ""
        for letter in text:
            buffer += letter
            if letter in ".!?":
                yield buffer
                buffer = ""
