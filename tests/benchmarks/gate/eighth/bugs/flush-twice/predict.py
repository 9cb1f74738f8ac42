"""Streams a text sentence by sentence."""

from cog import BasePredictor, ConcatenateIterator, Input

ENDS = ".!?"


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text. The pieces, put together, are this text.",
            default="The kettle sings. The clock waits",
            max_length=20000,
        ),
        longest: int = Input(
            description="Longer sentences come in pieces of so many characters.",
            default=80,
            ge=1,
            le=1000,
        ),
    ) -> ConcatenateIterator[str]:
        """Yield the text in pieces, each as soon as a sentence ends."""
        piece = ""
        fresh = True
        for letter in text:
            piece = letter if fresh else piece + letter
            fresh = letter in ENDS or len(piece) >= longest
            if fresh:
                yield piece
        if piece:
            yield piece
