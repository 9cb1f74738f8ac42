"""Corrects common misspellings and streams the text back."""

import re
from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

SPELLINGS = {
    "adress": "address",
    "definately": "definitely",
    "occured": "occurred",
    "recieve": "receive",
    "seperate": "separate",
    "untill": "until",
    "wich": "which",
}
TOKEN_BYTES = 8


class Predictor(BasePredictor):
    """A proofreader that changes misspelt words and nothing else."""

    def setup(self) -> None:
        """Compile the word pattern."""
        self.word = re.compile(r"\b(?ai:" + "|".join(SPELLINGS) + r")\b")

    def predict(
        self,
        text: str = Input(
            description="Text to correct. All but the misspelt words comes back as it is.",
            default="I will recieve the letter untill Friday, wich is fine.",
        ),
    ) -> ConcatenateIterator[str]:
        """Stream the corrected text."""
        if not text:
            raise ValueError("text is empty")
        for token in self.tokens(self.word.sub(self.correct, text)):
            piece = token.decode("utf-8", errors="ignore")
            if piece:
                yield piece

    def correct(self, match: re.Match) -> str:
        word = match.group()
        right = SPELLINGS[word.lower()]
        if word.isupper():
            return right.upper()
        return right.capitalize() if word[0].isupper() else right

    def tokens(self, text: str) -> Iterator[bytes]:
        """Cut the text into the byte tokens that go over the wire."""
        data = text.encode("utf-8", errors="replace")
        for start in range(0, len(data), TOKEN_BYTES):
            yield data[start : start + TOKEN_BYTES]
