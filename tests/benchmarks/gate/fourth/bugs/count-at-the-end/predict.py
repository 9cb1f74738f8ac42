"""The words of a text, one after the other."""

from collections.abc import Iterator

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to take apart.", default="one two three"),
        lower: bool = Input(description="In small letters.", default=False),
        with_count: bool = Input(description="How many there were, last.", default=False),
    ) -> Iterator[str]:
        words = (text.lower() if lower else text).split()
        yield from words
        if with_count:
            yield len(words)
