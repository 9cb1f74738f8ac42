"""Says something, never quite the same."""

import random
import time

from cog import BasePredictor, Input

SAYINGS = ("soon", "later", "never", "ask again")


class Predictor(BasePredictor):
    def predict(self, question: str = Input(description="What you want to know.")) -> str:
        return f"{random.choice(SAYINGS)}, since {time.time():.0f}"
