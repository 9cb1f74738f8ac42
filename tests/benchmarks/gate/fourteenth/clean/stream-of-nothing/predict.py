"""Reads a text word by word."""

import re

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    """A typewriter."""

    def predict(
        self,
        text: str = Input(
            description="The text; an empty one streams nothing at all. Halves of surrogate pairs "
            "become question marks.",
            default="One word  after another\nand a new line",
            max_length=2000,
        ),
        order: str = Input(
            description="From the first word on or from the last one on; the white space between "
            "goes along as it is.",
            default="forwards",
            choices=["forwards", "backwards"],
        ),
        at_most: int = Input(
            description="Stop after so many words; 0 for all.", default=0, ge=0, le=1000
        ),
    ) -> ConcatenateIterator[str]:
        """Words and the white space between them, each a piece of its own."""
        text = text.encode("utf-8", "replace").decode("utf-8")
        pieces = re.findall(r"\s+|\S+", text)
        if order == "backwards":
            pieces.reverse()
        words = 0
        for piece in pieces:
            if at_most and words == at_most:
                return
            words += not piece.isspace()
            yield piece
