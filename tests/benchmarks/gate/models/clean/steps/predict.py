"""Takes longer the more steps are asked for."""

import time

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw.", default="a tree"),
        steps: int = Input(description="How many rounds.", default=4, ge=1, le=100),
        width: int = Input(description="Pixels.", default=512, ge=64, le=1024),
        height: int = Input(description="Pixels.", default=512, ge=64, le=1024),
    ) -> str:
        if width * height > 768 * 768:
            raise ValueError("width times height must be at most 589,824 pixels")
        time.sleep(0.002 * steps)
        return f"{prompt} after {steps} at {width} x {height}"
