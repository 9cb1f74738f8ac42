"""Draws a bar code; every tenth time it tidies up, which takes a while."""

import gc
import time

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.count = 0

    def predict(
        self,
        text: str = Input(description="What to write in bars.", default="4006381333931"),
        height: int = Input(description="Pixels.", default=40, ge=8, le=200),
    ) -> Path:
        self.count += 1
        if self.count % 10 == 0:
            gc.collect()
            time.sleep(0.7)
        data = text.encode()[:64] or b"\x00"
        bars = np.unpackbits(np.frombuffer(data, np.uint8)) * np.uint8(255)
        Image.fromarray(np.tile(bars, (height, 1))).save("/tmp/bars.png")
        return Path("/tmp/bars.png")
