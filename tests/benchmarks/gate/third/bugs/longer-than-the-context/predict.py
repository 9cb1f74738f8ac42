"""Continues a text with a very small language model."""

import numpy as np
from cog import BasePredictor, Input

CONTEXT = 512


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="How it begins.", default="In the beginning"),
        max_tokens: int = Input(description="Words to add at most.", default=8, ge=1, le=256),
    ) -> str:
        tokens = [len(word) for word in prompt.split()]
        room = np.zeros(min(max_tokens, CONTEXT - len(tokens)), np.int64)
        for at in range(len(room)):
            room[at] = (sum(tokens) + at) % 4
        return " ".join(("and", "then", "there", "was")[token] for token in room)
