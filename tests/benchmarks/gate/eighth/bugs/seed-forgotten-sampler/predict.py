"""Writes nonsense sentences from a small chain of words."""

import random

from cog import BasePredictor, Input

CHAIN = {
    "the": ["moon", "river", "clock", "garden", "kettle"],
    "moon": ["sings", "waits", "follows"],
    "river": ["sings", "sleeps", "follows"],
    "clock": ["waits", "sleeps"],
    "garden": ["sleeps", "sings"],
    "kettle": ["sings", "waits"],
    "sings": ["and", "to"],
    "waits": ["and", "for"],
    "sleeps": ["and", "near"],
    "follows": ["the"],
    "and": ["the", "sings", "waits"],
    "to": ["the"],
    "for": ["the"],
    "near": ["the"],
}


class Predictor(BasePredictor):
    def predict(
        self,
        words: int = Input(description="Length of the sentence.", default=12, ge=1, le=200),
        sampler: str = Input(
            description="Draw among all next words, or among the first two only.",
            default="all",
            choices=["all", "top"],
        ),
        seed: int = Input(
            description="The same seed and settings give the same sentence.", default=3
        ),
    ) -> str:
        """Return a sentence of so many words."""
        draw = random.Random(seed)
        sentence = ["the"]
        while len(sentence) < words:
            following = CHAIN[sentence[-1]]
            if sampler == "top":
                sentence.append(random.choice(following[:2]))
            else:
                sentence.append(draw.choice(following))
        return " ".join(sentence)
