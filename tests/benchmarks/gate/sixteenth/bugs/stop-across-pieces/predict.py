"""A small assistant that answers piece by piece."""

import re

from cog import BasePredictor, ConcatenateIterator, Input

ANSWERS = (
    "First fill the kettle and switch it on. Then warm the pot, add one spoon of leaves for each "
    "cup and one for the pot, and pour in the water as soon as the kettle is quiet.",
    "Begin with what you have at home. Write it down, cross out what is too old, and only then "
    "think about what to buy in town.",
    "Let it rest over night. In the morning most questions of this sort have become smaller, and "
    "one or two have gone away.",
)


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(
            description="The question.", default="How do I make tea?", max_length=2000
        ),
        max_pieces: int = Input(
            description="After so many words, spaces and signs the answer ends.",
            default=200,
            ge=1,
            le=500,
        ),
        stop: str = Input(
            description="The answer ends right before the first place where this text would "
            "stand in it. Empty: the answer is not cut.",
            default="",
            max_length=100,
        ),
    ) -> ConcatenateIterator[str]:
        """The answer; which one depends on the length of the question."""
        answer = ANSWERS[len(prompt) % len(ANSWERS)]
        pieces = re.findall(r"\w+|\s+|[^\w\s]+", answer)
        for piece in pieces[:max_pieces]:
            if stop and stop in piece:
                yield piece[: piece.index(stop)]
                return
            yield piece
