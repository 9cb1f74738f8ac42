"""Reads a text out sentence by sentence, for a speaking front end."""

from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

ENDS = ".!?"


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to read. All of it is read, and white space becomes one space.",
            default="The train is late. It will come at nine. Please wait on platform two.",
            max_length=20000,
        ),
        loud: bool = Input(description="Whether to read it in capitals.", default=False),
    ) -> ConcatenateIterator[str]:
        """The sentences in order, with a space between two."""
        first = True
        for sentence in sentences(" ".join(text.split())):
            if not first:
                yield " "
            first = False
            yield sentence.upper() if loud else sentence


def sentences(text: str) -> Iterator[str]:
    """Cuts behind closing signs that end a word."""
    buffer = ""
    for position, sign in enumerate(text):
        buffer += sign
        following = text[position + 1 : position + 2]
        if sign in ENDS and following in ("", " "):
            yield buffer.strip()
            buffer = ""
