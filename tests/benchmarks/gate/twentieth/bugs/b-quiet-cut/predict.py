"""Translates from English to a made-up island language by a table of words."""

import re

from cog import BasePredictor, Input

TABLE = {
    "boat": "velu",
    "fish": "nari",
    "friend": "omeko",
    "good": "tal",
    "hello": "asha",
    "house": "domu",
    "island": "kero",
    "moon": "lunu",
    "morning": "avri",
    "my": "me",
    "sea": "maru",
    "sun": "solu",
    "the": "la",
    "water": "aku",
}
CONTEXT = 128


class Predictor(BasePredictor):
    """A translator of all that is put in."""

    def setup(self) -> None:
        """Compile the splitter: words, and what is between them."""
        self.splitter = re.compile(r"\w+|\W+")

    def predict(
        self,
        text: str = Input(
            description=(
                "English text. Each word of it that the table knows is translated; all else "
                "stays as it is, spaces and marks too."
            ),
            default="Hello, my friend! The moon is over the sea.",
        ),
        shout: bool = Input(description="Write the translation in capitals.", default=False),
    ) -> str:
        """Translate word by word."""
        if not text.strip():
            raise ValueError("text is empty")
        tokens = self.splitter.findall(text.encode("utf-8", "replace").decode("utf-8"))
        translated = "".join(self.word(token) for token in tokens[:CONTEXT])
        return translated.upper() if shout else translated

    def word(self, token: str) -> str:
        found = TABLE.get(token.lower())
        if found is None:
            return token
        return found.capitalize() if token[0].isupper() else found
