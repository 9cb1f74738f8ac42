"""Finds the key words of a text."""

from cog import BasePredictor, Input

COMMON = {"a", "an", "and", "in", "is", "of", "on", "or", "that", "the", "to", "was"}


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text; words are what stands between spaces.",
            default="the blue boat and the green boat",
            max_length=20000,
        ),
        extra: list[str] = Input(
            description="More words to leave out in this text.", default=["green"]
        ),
        keep_common: bool = Input(
            description="Leave out only the words given as extra.", default=False
        ),
    ) -> list[str]:
        """Return the words that are not left out, each once, in the order of the text."""
        ignored = set() if keep_common else COMMON
        ignored.update(word.casefold() for word in extra)
        words = (word for word in text.casefold().split() if word not in ignored)
        return list(dict.fromkeys(words))
