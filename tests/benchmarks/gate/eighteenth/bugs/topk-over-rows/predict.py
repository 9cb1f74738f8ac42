"""Search short notes by the likeness of their spelling."""

import zlib

import torch
from cog import BasePredictor, Input

DIMENSIONS = 128


def embed(text: str) -> torch.Tensor:
    """Count the letter triples of a text in a vector of length one."""
    padded = f"  {text.lower()} "
    counts = [0.0] * DIMENSIONS
    for start in range(len(padded) - 2):
        triple = padded[start : start + 3].encode("utf-8", "replace")
        counts[zlib.crc32(triple) % DIMENSIONS] += 1.0
    vector = torch.tensor(counts)
    return vector / vector.norm()


class Predictor(BasePredictor):
    def predict(
        self,
        question: str = Input(
            description="What to look for.", default="where is the key", max_length=200
        ),
        notes: str = Input(
            description="The notes to search, one a line. Empty lines are passed over.",
            default=(
                "the spare key is under the pot\nbread is sold until noon\n"
                "the gate closes at nine\nthe key of the shed is lost"
            ),
            max_length=4000,
        ),
        top: int = Input(
            description="Return at most this many notes, the best first.", default=2, ge=1, le=20
        ),
    ) -> list[str]:
        """Return the notes that are nearest to the question."""
        lines = [line.strip() for line in notes.splitlines() if line.strip()]
        if not lines:
            raise ValueError("there are no notes to search")
        scores = torch.stack([embed(line) for line in lines]) @ embed(question)
        best = torch.topk(scores, top).indices
        return [lines[index] for index in best.tolist()]
