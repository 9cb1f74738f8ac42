"""Continues a text, at once or word by word."""

import random

from cog import BasePredictor, ConcatenateIterator, Input

TEXT = "and then the moon went up behind some hills while dogs barked far away"


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="How it begins.", default="At night"),
        max_tokens: int = Input(description="Words to add.", default=12, ge=1, le=100),
        stream: bool = Input(description="Give words as they come.", default=False),
        seed: int = Input(description="The same seed, the same text.", default=1),
    ) -> ConcatenateIterator[str]:
        chance = random.Random(seed + len(prompt))
        words = [chance.choice(TEXT.split()) for _ in range(max_tokens)]
        if not stream:
            yield prompt + "".join(f" {word}" for word in words)
            return
        yield prompt
        waiting: list[str] = []
        for word in words:
            waiting.append(f" {word}")
            if len(waiting) == 5:
                yield "".join(waiting)
                waiting.clear()
