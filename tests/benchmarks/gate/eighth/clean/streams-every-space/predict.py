"""Streams a text back in pieces, as a chat does."""

import re

from cog import BasePredictor, ConcatenateIterator, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text; every space and line break of it is kept.",
            default="Good evening,\n  how may I help?  ",
            max_length=20000,
        ),
        pieces: int = Input(description="Words per piece.", default=1, ge=1, le=100),
    ) -> ConcatenateIterator[str]:
        """Yield pieces that make the same text when they are put together."""
        waiting, words = [], 0
        for part in re.findall(r"\s+|\S+", text):
            waiting.append(part)
            words += not part.isspace()
            if words == pieces:
                yield "".join(waiting)
                waiting, words = [], 0
        if waiting:
            yield "".join(waiting)
