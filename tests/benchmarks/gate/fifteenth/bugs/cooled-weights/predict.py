"""Write made-up words letter by letter."""

import torch
from cog import BasePredictor, Input

LETTERS = "aeioulnrstm"


class Predictor(BasePredictor):
    """A tiny table of which letter follows which."""

    def setup(self) -> None:
        """Make the table."""
        generator = torch.Generator().manual_seed(11)
        self.table = torch.randn(len(LETTERS), len(LETTERS), generator=generator) * 2

    def predict(
        self,
        start: str = Input(
            description="The first letter", default="m", choices=["a", "l", "m", "n", "r", "s", "t"]
        ),
        length: int = Input(description="How many letters", default=24, ge=1, le=200),
        temperature: float = Input(
            description="High is wild, low is dull", default=1.0, ge=0.1, le=3
        ),
        seed: int = Input(
            description="The same seed gives the same word", default=1, ge=0, le=2**31
        ),
    ) -> str:
        """Draw a word that begins with start."""
        generator = torch.Generator().manual_seed(seed)
        logits = self.table
        if temperature != 1.0:
            logits.div_(temperature).clamp_(-60, 60)
        chances = torch.softmax(logits, dim=1)
        word = [LETTERS.index(start)]
        while len(word) < length:
            row = chances[word[-1]]
            word.append(int(torch.multinomial(row, 1, generator=generator)))
        return "".join(LETTERS[letter] for letter in word)
