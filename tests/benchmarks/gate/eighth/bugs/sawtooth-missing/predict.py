"""Samples one turn of a wave."""

import math

from cog import BasePredictor, Input

SHAPES = {
    "sine": lambda phase: math.sin(2 * math.pi * phase),
    "square": lambda phase: 1.0 if phase < 0.5 else -1.0,
    "triangle": lambda phase: 4 * abs(phase - 0.5) - 1,
    "saw": lambda phase: 2 * phase - 1,
}


class Predictor(BasePredictor):
    def predict(
        self,
        wave: str = Input(
            description="The shape.",
            default="sine",
            choices=["sine", "square", "triangle", "sawtooth"],
        ),
        samples: int = Input(description="How many samples.", default=16, ge=1, le=1024),
        shift: float = Input(description="Where to begin, in turns.", default=0, ge=-1, le=1),
    ) -> list[float]:
        """Return the samples, from -1 to 1."""
        shape = SHAPES[wave]
        return [shape((place / samples + shift) % 1.0) for place in range(samples)]
