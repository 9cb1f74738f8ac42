"""Streams windows of a text, for models that take short pieces."""

from collections.abc import Iterator

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Cuts text into windows that overlap."""

    def predict(
        self,
        text: str = Input(
            description="The text; its white space is not kept, words are what is between it. At "
            "most 20000 characters.",
            default="one two three four five six seven eight",
            max_length=20000,
        ),
        size: int = Input(description="Words in a window.", default=4, ge=2, le=500),
        overlap: int = Input(
            description="Words at the end of a window that also begin the next. Taken as size - 1 "
            "where it is larger than that.",
            default=1,
            ge=0,
            le=500,
        ),
    ) -> Iterator[str]:
        """One text for each window; the last may be shorter. No words give no window."""
        if len(text) > 20000:
            raise ValueError("text is longer than 20000 characters")
        words = text.split()
        step = size - min(overlap, size - 1)
        for start in range(0, len(words), step):
            yield " ".join(words[start : start + size])
            if start + size >= len(words):
                return
