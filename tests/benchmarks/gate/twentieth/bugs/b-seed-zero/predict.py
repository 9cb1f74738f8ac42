"""Writes short weather reports from a small chain of words."""

import os
import random

from cog import BasePredictor, Input

CHAIN = {
    "the": ["morning", "afternoon", "evening", "coast", "valley", "north", "south"],
    "morning": ["brings", "starts", "stays"],
    "afternoon": ["brings", "turns", "stays"],
    "evening": ["brings", "turns", "ends"],
    "coast": ["sees", "gets", "stays"],
    "valley": ["sees", "gets", "stays"],
    "north": ["sees", "gets", "turns"],
    "south": ["sees", "gets", "turns"],
    "brings": ["rain", "fog", "sun", "wind", "some"],
    "sees": ["rain", "fog", "sun", "wind", "some"],
    "gets": ["rain", "fog", "sun", "wind", "some"],
    "some": ["rain", "fog", "sun", "wind"],
    "starts": ["dry", "wet", "cold", "mild"],
    "stays": ["dry", "wet", "cold", "mild"],
    "turns": ["dry", "wet", "cold", "mild"],
    "ends": ["dry", "wet", "cold", "mild"],
}


class Predictor(BasePredictor):
    """A weather report that reads like one and is none."""

    def predict(
        self,
        sentences: int = Input(description="How many sentences to write.", default=4, ge=1, le=40),
        seed: int | None = Input(
            description="The same seed gives the same report. Leave it out for a fresh one.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> str:
        """Walk the chain once for every sentence."""
        if not seed:
            seed = int.from_bytes(os.urandom(4), "big")
        rng = random.Random(seed)
        return " ".join(self.sentence(rng) for _ in range(sentences))

    def sentence(self, rng: random.Random) -> str:
        words = ["the"]
        while words[-1] in CHAIN:
            words.append(rng.choice(CHAIN[words[-1]]))
        return " ".join(words).capitalize() + "."
