"""Scores vectors with a small network of fixed weights."""

import torch
from cog import BasePredictor, Input
from torch import nn


class Predictor(BasePredictor):
    """Has layers that behave otherwise in training, and is not in training."""

    def setup(self) -> None:
        """Make the weights from a fixed seed."""
        generator = torch.Generator().manual_seed(20)
        self.net = nn.Sequential(
            nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 1)
        )
        for weight in self.net.parameters():
            weight.data = torch.randn(weight.shape, generator=generator) * 0.3
        self.net.eval()

    @torch.inference_mode()
    def predict(
        self,
        vectors: list[float] = Input(
            description="Numbers from -100 to 100, four for each vector, 64 vectors at most.",
            default=[0.5, -1.0, 2.0, 0.0],
        ),
        temperature: float = Input(
            description="Divides the scores before they are squashed to 0 to 1.",
            default=1.0,
            ge=0.05,
            le=20.0,
        ),
    ) -> list[float]:
        """One score for each vector. Arithmetic is in single precision: the last digits may vary
        with the number of vectors, so that scores are good to about four places."""
        if len(vectors) % 4 or not 4 <= len(vectors) <= 256:
            raise ValueError("give 1 to 64 times four numbers")
        if any(abs(value) > 100 for value in vectors):
            raise ValueError("numbers must be from -100 to 100")
        batch = torch.tensor(vectors, dtype=torch.float32).reshape(-1, 4)
        scores = torch.sigmoid(self.net(batch).squeeze(1) / temperature)
        return [round(score, 4) for score in scores.tolist()]
