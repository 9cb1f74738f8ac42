"""Cuts a text into groups of words for captions."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The spoken text.",
            default="we left the house before the sun rose",
            max_length=20000,
        ),
        size: int = Input(description="Words per caption.", default=4, ge=1, le=20),
    ) -> list[str]:
        """Return the captions; together they hold every word of the text in order."""
        words = text.split()
        captions = []
        for start in range(0, len(words) - 1, size):
            captions.append(" ".join(words[start : start + size]))
        return captions
