"""Continues a text letter by letter with a tiny network."""

import torch
from cog import BasePredictor, Input

LETTERS = " abcdefghijklmnopqrstuvwxyz"


class TinyModel(torch.nn.Module):
    """Looks at the last two letters and scores the next one."""

    def __init__(self, size: int = len(LETTERS), width: int = 16) -> None:
        super().__init__()
        self.first = torch.nn.Embedding(size, width)
        self.second = torch.nn.Embedding(size, width)
        self.head = torch.nn.Linear(width, size)

    def forward(self, before: int, last: int) -> torch.Tensor:
        state = self.first(torch.tensor(before)) + self.second(torch.tensor(last))
        return self.head(torch.tanh(state)) * 2


class Predictor(BasePredictor):
    """A writer of things that look like words."""

    def setup(self) -> None:
        """Make the weights."""
        torch.set_num_threads(1)
        torch.manual_seed(1234)
        self.model = TinyModel().eval()

    def predict(
        self,
        prompt: str = Input(
            description=(
                "Text to go on from. Only its last two characters count, and all but the letters "
                "a to z is taken for a space."
            ),
            default="once",
        ),
        length: int = Input(description="Letters to write.", default=40, ge=1, le=200),
        temperature: float = Input(
            description="Higher is more daring.", default=1.0, ge=0.1, le=2.0
        ),
        top_k: int = Input(
            description=(
                "Only the this many likeliest letters are ever chosen. With 1 the text is the "
                "same for every seed."
            ),
            default=10,
            ge=1,
            le=len(LETTERS),
        ),
        seed: int = Input(description="Seed of the choice.", default=0, ge=0, le=2**31 - 1),
    ) -> str:
        """Write the continuation, without the prompt."""
        generator = torch.Generator().manual_seed(seed)
        ids = [0, 0, *(max(LETTERS.find(letter), 0) for letter in prompt.lower()[-2:])]
        with torch.inference_mode():
            for _ in range(length):
                logits = self.model(ids[-2], ids[-1]) / temperature
                least = torch.topk(logits, top_k).values[-1]
                logits.masked_fill(logits < least, float("-inf"))
                chances = torch.softmax(logits, dim=-1)
                ids.append(int(torch.multinomial(chances, 1, generator=generator)))
        return "".join(LETTERS[index] for index in ids[-length:])
