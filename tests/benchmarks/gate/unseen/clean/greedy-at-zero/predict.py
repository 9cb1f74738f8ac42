"""Picks the next words; temperature 0 takes the likeliest."""

import math
import random

from cog import BasePredictor, ConcatenateIterator, Input

WORDS = "the fox ran over a hill and slept until it was dark".split()


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="The beginning.", default="Once upon a time"),
        max_new_tokens: int = Input(description="Words to add.", default=16, ge=1, le=64),
        temperature: float = Input(
            description="Randomness of the choice.", default=0.7, ge=0, le=5
        ),
        seed: int | None = Input(description="Same seed, same words.", default=None),
    ) -> ConcatenateIterator[str]:
        dice = random.Random(seed)
        scores = [math.cos(n + len(prompt)) for n in range(len(WORDS))]
        highest = max(scores)
        for _ in range(max_new_tokens):
            if temperature < 1e-3:
                yield f" {WORDS[scores.index(highest)]}"
            else:
                weights = [math.exp((score - highest) / temperature) for score in scores]
                yield f" {dice.choices(WORDS, weights)[0]}"
