"""Compares two texts with a small network that reads their beginnings."""

import re
import zlib

import torch
from cog import BasePredictor, Input
from torch import nn

WORDS, WIDTH, READ = 2048, 24, 16


class Encoder(nn.Module):
    """A vector for a text: words, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.places = nn.Embedding(READ, WIDTH)
        self.mix = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.Dropout(0.2), nn.Tanh())

    def forward(self, numbers: torch.Tensor, ordered: bool) -> torch.Tensor:
        """Of length 1."""
        vectors = self.words(numbers)
        if ordered:
            vectors = vectors + self.places(torch.arange(len(numbers)))
        return nn.functional.normalize(self.mix(vectors).mean(0), dim=0)


class Predictor(BasePredictor):
    """How alike two texts are."""

    def setup(self) -> None:
        """Make the network; its weights are always the same."""
        torch.set_num_threads(1)
        with torch.random.fork_rng():
            torch.manual_seed(4)
            self.encoder = Encoder().eval()

    def vector(self, text: str, keep_case: bool, ordered: bool) -> torch.Tensor | None:
        """The vector of a text, if it has a word."""
        words = re.findall(r"\w+", text if keep_case else text.lower())[:READ]
        if not words:
            return None
        numbers = [zlib.crc32(word.encode("utf-8", "replace")) % WORDS for word in words]
        with torch.no_grad():
            return self.encoder(torch.tensor(numbers), ordered)

    def predict(
        self,
        first: str = Input(
            description="A text. Only its first 16 words are read, as of the second one.",
            default="the boat left at noon",
            max_length=5000,
        ),
        second: str = Input(
            description="Another text.", default="at noon the boat left", max_length=5000
        ),
        keep_case: bool = Input(description="Capital letters make other words.", default=False),
        ordered: bool = Input(description="The order of the words counts.", default=True),
        digits: int = Input(description="Digits after the point.", default=3, ge=1, le=4),
    ) -> float:
        """From -1 to 1; 0 if one of them has no words."""
        one = self.vector(first, keep_case, ordered)
        two = self.vector(second, keep_case, ordered)
        if one is None or two is None:
            return 0.0
        alike = round(float(torch.dot(one, two)), digits) + 0.0
        return min(1.0, max(-1.0, alike))
