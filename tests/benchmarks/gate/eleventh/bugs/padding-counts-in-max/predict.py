"""Scores how cheerful texts are, with a small network."""

import re
import zlib

import torch
from cog import BasePredictor, Input
from torch import nn

WORDS, WIDTH, MOST_TEXTS, MOST_WORDS = 512, 16, 32, 64


def numbers_of(text: str, keep_case: bool) -> list[int]:
    """A number from 1 on for every word, and at least one."""
    words = re.findall(r"\w+", text if keep_case else text.lower())[:MOST_WORDS] or ["-"]
    return [zlib.crc32(word.encode("utf-8", "replace")) % (WORDS - 1) + 1 for word in words]


class Reader(nn.Module):
    """Looks words up, pools them and weighs the result."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, batch: torch.Tensor, mask: torch.Tensor, pooling: str) -> torch.Tensor:
        """One score for every row."""
        vectors = self.words(batch)
        if pooling == "mean":
            pooled = (vectors * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        else:
            pooled = vectors.amax(dim=1)
        return torch.sigmoid(self.head(pooled)).squeeze(-1)


class Predictor(BasePredictor):
    """Scores a batch."""

    def setup(self) -> None:
        """Make the network; its weights are always the same."""
        torch.set_num_threads(1)
        torch.manual_seed(21)
        self.reader = Reader().eval()

    def predict(
        self,
        texts: list[str] = Input(
            description="1 to 32 texts, of which the first 64 words are read. "
            "Each is scored by itself: its score is the same whatever stands beside it.",
            default=["What a bright day", "Rain all over again"],
        ),
        pooling: str = Input(
            description="How words become one vector.", default="mean", choices=["mean", "max"]
        ),
        keep_case: bool = Input(description="Capital letters make another word.", default=False),
        digits: int = Input(description="Digits after the point.", default=4, ge=1, le=5),
    ) -> list[float]:
        """Scores from 0 to 1, in the order of the texts."""
        if not 1 <= len(texts) <= MOST_TEXTS:
            raise ValueError(f"texts: 1 to {MOST_TEXTS} are needed")
        rows = [numbers_of(text, keep_case) for text in texts]
        longest = max(map(len, rows))
        batch = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        mask = (batch > 0).float()
        with torch.no_grad():
            scores = self.reader(batch, mask, pooling)
        return [round(score, digits) for score in scores.tolist()]
