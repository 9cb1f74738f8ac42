"""Continues a text, at once or in pieces of three words."""

import random

from cog import BasePredictor, ConcatenateIterator, Input

TEXT = "rain fell on roofs and gardens until someone opened a window to listen"


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="How it begins.", default="All day"),
        max_tokens: int = Input(description="Words to add.", default=10, ge=0, le=100),
        stream: bool = Input(description="Give words as they come.", default=True),
        seed: int = Input(description="The same seed, the same text.", default=1),
    ) -> ConcatenateIterator[str]:
        chance = random.Random(seed * 31 + len(prompt))
        words = [prompt, *(f" {chance.choice(TEXT.split())}" for _ in range(max_tokens))]
        size = 3 if stream else len(words)
        for start in range(0, len(words), size):
            yield "".join(words[start : start + size])
