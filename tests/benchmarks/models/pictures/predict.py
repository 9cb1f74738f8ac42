"""A small residual network on pictures, with random weights: its speed is real, its answers not."""

import os
from typing import Any

import numpy as np
import torch
from cog import BasePredictor, Input, Path
from PIL import Image
from torch import nn

CLASSES, PIXELS = 1000, 64


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.gelu(x + self.inner(x))


class Predictor(BasePredictor):
    """Says which of a thousand classes a picture is of."""

    def setup(self) -> None:
        """Make the weights, wider where there is a GPU to fill."""
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        width, depth = (256, 6) if self.device == "cuda" else (48, 3)
        torch.manual_seed(0)
        stem = [nn.Conv2d(3, width, 2, stride=2), *(Block(width) for _ in range(depth))]
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, CLASSES)]
        self.net = nn.Sequential(*stem, *head).to(self.device).eval()

    def predict(self, image: Path = Input(description="A picture.")) -> dict[str, float]:
        """The likeliest class, and how likely it is."""
        return self.predict_batch([{"image": image}])[0]

    @torch.inference_mode()
    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[dict[str, float]]:
        """The likeliest class of each picture."""
        pixels = torch.from_numpy(np.stack([pixels_of(item["image"]) for item in inputs]))
        x = pixels.to(self.device).permute(0, 3, 1, 2).float().div_(255)
        scores, classes = self.net(x).softmax(-1).max(-1)
        pairs = zip(classes.tolist(), scores.tolist(), strict=True)
        return [{"class": float(number), "score": score} for number, score in pairs]


def pixels_of(path: Path) -> np.ndarray:
    """A picture as bytes: height, width, colour."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").resize((PIXELS, PIXELS)))
