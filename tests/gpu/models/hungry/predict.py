"""Takes a tenth of the card's memory for each row, so that a pass of ten rows has too little."""

import os
import time
from pathlib import Path
from typing import Any

import torch
from cog import BaseModel, BasePredictor, Input

#: whoever made a copy of this folder left there where passes are noted
NOTES = Path(__file__).with_name("notes.txt").read_text()


class Output(BaseModel):
    """Twice the number, and where it was doubled."""

    double: int
    device: str
    process: int


class Predictor(BasePredictor):
    """Doubles numbers on the card."""

    def setup(self) -> None:
        """Have the context made; there is no way without a card."""
        self.name = torch.cuda.get_device_name()
        self.share = torch.cuda.get_device_properties(0).total_memory // 10

    def predict(
        self,
        number: int = Input(description="What to double."),
        pause_s: float = Input(description="Seconds that its pass takes at least.", default=0.0),
    ) -> Output:
        """One number."""
        return self.predict_batch([{"number": number, "pause_s": pause_s}])[0]

    def predict_batch(self, inputs: list[dict[str, Any]]) -> list[Output]:
        """Some numbers; the pass is noted before memory is asked for."""
        with open(NOTES, "a") as notes:
            notes.write(f"{os.getpid()} {len(inputs)}\n")
        taken = torch.empty(len(inputs) * self.share, dtype=torch.uint8, device="cuda")
        time.sleep(max(item["pause_s"] for item in inputs))
        numbers = taken[: 8 * len(inputs)].view(torch.int64)
        numbers.copy_(torch.tensor([item["number"] for item in inputs]))
        doubles = (numbers * 2).tolist()
        return [Output(double=one, device=self.name, process=os.getpid()) for one in doubles]
