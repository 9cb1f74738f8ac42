"""Finds the longest palindrome in a text."""

from cog import BaseModel, BasePredictor, Input


class Found(BaseModel):
    palindrome: str
    start: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Where to look.",
            default="never odd or even, said the level radar",
            max_length=10000,
        ),
        letters_only: bool = Input(
            description="Leave out everything that is not a letter first.", default=False
        ),
    ) -> Found:
        """Return the first of the longest pieces that read the same from both ends."""
        if letters_only:
            text = "".join(letter for letter in text if letter.isalpha())
        best, start = "", 0
        for first in range(len(text)):
            for last in range(first + 1, len(text) + 1):
                piece = text[first:last]
                if piece == piece[::-1] and len(piece) > len(best):
                    best, start = piece, first
        return Found(palindrome=best, start=start)
