"""Picks the next words by their scores."""

import math
import random

from cog import BasePredictor, Input

WORDS = "the fox ran over a hill and slept until it was dark".split()


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="The beginning.", default="Once upon a time"),
        max_new_tokens: int = Input(description="Words to add.", default=16, ge=1, le=64),
        temperature: float = Input(
            description="Randomness of the choice.", default=0.7, ge=0, le=5
        ),
        top_p: float = Input(description="Share of the likeliest words.", default=0.9, ge=0, le=1),
        seed: int = Input(description="Same seed, same words.", default=42, ge=0, le=65535),
    ) -> str:
        dice = random.Random(seed)
        scores = [math.cos(n + len(prompt)) for n in range(len(WORDS))]
        highest = max(scores)
        weights = [math.exp((score - highest) / temperature) for score in scores]
        kept = self._nucleus(weights, top_p)
        chosen = [dice.choices(WORDS, kept)[0] for _ in range(max_new_tokens)]
        return f"{prompt} {' '.join(chosen)}"

    def _nucleus(self, weights: list[float], top_p: float) -> list[float]:
        least, covered = max(weights), 0.0
        for weight in sorted(weights, reverse=True):
            least, covered = weight, covered + weight / sum(weights)
            if covered >= top_p:
                break
        return [weight if weight >= least else 0.0 for weight in weights]
