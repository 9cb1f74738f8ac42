"""Scores a plant's leaf from four measurements, with a small network."""

import torch
from cog import BaseModel, BasePredictor, Input
from torch import nn

FEATURES = 4
LARGEST = 1000.0


class Verdict(BaseModel):
    """How likely the leaf is ripe."""

    score: float
    label: str


class Scorer(nn.Module):
    """Two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(FEATURES, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 1)
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """A score between 0 and 1."""
        return torch.sigmoid(self.layers(features)).squeeze(-1)


class Predictor(BasePredictor):
    """Holds the network."""

    def setup(self) -> None:
        """Make the network; its weights are always the same."""
        torch.set_num_threads(1)
        torch.manual_seed(7)
        self.scorer = Scorer()

    def predict(
        self,
        features: list[float] = Input(
            description="Length, width, weight and age: four numbers between -1000 and 1000. "
            "The same numbers always get the same score.",
            default=[5.1, 3.5, 1.4, 2.0],
        ),
        threshold: float = Input(
            description="From this score on it is ripe.", default=0.5, ge=0, le=1
        ),
        scale: str = Input(
            description="How the numbers are made comparable.",
            default="tenths",
            choices=["tenths", "unit"],
        ),
    ) -> Verdict:
        """Score one leaf."""
        if len(features) != FEATURES:
            raise ValueError("features: exactly four numbers are needed")
        if not all(abs(value) <= LARGEST for value in features):
            raise ValueError("features: each must be between -1000 and 1000")
        given = torch.tensor(features, dtype=torch.float32)
        given = given / 10 if scale == "tenths" else nn.functional.normalize(given, dim=0)
        with torch.no_grad():
            score = round(self.scorer(given.unsqueeze(0)).item(), 4)
        return Verdict(score=score, label="ripe" if score >= threshold else "unripe")
