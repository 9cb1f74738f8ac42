"""Reads a text out sentence by sentence."""

import re
from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

SENTENCE = re.compile(r"[^.!?]*[.!?]+\s*")


def pieces(text: str, several: int) -> Iterator[str]:
    """So many sentences at a time."""
    waiting = []
    for found in SENTENCE.finditer(text):
        waiting.append(found.group())
        if len(waiting) == several:
            yield "".join(waiting)
            waiting = []
    if waiting:
        yield "".join(waiting)


class Predictor(BasePredictor):
    """A stream that can be read along."""

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="The door opens. Who is there? Nobody! The door closes again.",
            max_length=2000,
        ),
        several: int = Input(description="Sentences that come together.", default=1, ge=1, le=10),
        case: str = Input(
            description="Leave the letters as they are, or make all of them small or capital.",
            default="as it is",
            choices=["as it is", "small", "capital"],
        ),
    ) -> ConcatenateIterator[str]:
        """The whole text, in pieces that end with a sentence."""
        for piece in pieces(text, several):
            if case == "small":
                yield piece.lower()
            elif case == "capital":
                yield piece.upper()
            else:
                yield piece
