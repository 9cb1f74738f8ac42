"""Writes out abbreviations."""

from cog import BasePredictor, Input

LONG = {
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "and so on",
    "approx.": "approximately",
    "vs.": "against",
}


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.window = 64

    def tokens(self, text):
        """The words of a text, as the model takes them."""
        return text.split()[: self.window]

    def predict(
        self,
        text: str = Input(
            description="Text of up to 4,000 characters; all of it comes back.",
            default="Hot drinks, e.g. tea, cost approx. two coins.",
            max_length=4000,
        ),
        capitals: bool = Input(
            description="Whether what is written out is in capital letters.", default=False
        ),
    ) -> str:
        """The text with its abbreviations written out, its words parted by single spaces."""
        words = []
        for word in self.tokens(text):
            long = LONG.get(word.lower())
            if long is None:
                words.append(word)
            else:
                words.append(long.upper() if capitals else long)
        return " ".join(words)
