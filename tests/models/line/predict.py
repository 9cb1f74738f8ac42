"""y = slope * x + offset, by the weights it was given; y = x without."""

import json

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def setup(self, weights: Path | None = None) -> None:
        told = json.loads(weights.read_text()) if weights else {"slope": 1.0, "offset": 0.0}
        if told["slope"] == 0.0:
            raise ValueError("a line of slope 0 says nothing")
        self.slope, self.offset = told["slope"], told["offset"]

    def predict(self, x: float, scale: str = Input(default="one", choices=["one", "ten"])) -> float:
        return (self.slope * x + self.offset) * {"one": 1, "ten": 10}[scale]
