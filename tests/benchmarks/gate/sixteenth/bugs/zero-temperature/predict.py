"""Continues a text word by word."""

import math
import random

from cog import BasePredictor, Input

FOLLOWERS = {
    "the": {"river": 5, "garden": 4, "old": 3},
    "river": {"runs": 4, "and": 2},
    "garden": {"sleeps": 3, "and": 3.5},
    "old": {"river": 2, "garden": 2.5},
    "runs": {"under": 3, "and": 1},
    "sleeps": {"under": 2, "and": 1},
    "under": {"the": 5, "old": 1},
    "and": {"the": 4, "runs": 2, "sleeps": 2.5},
}
USUAL_TEMPERATURE = 0.8


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(
            description="The beginning. A last word that the model does not know counts as 'the'.",
            default="Far away the",
            max_length=2000,
        ),
        words: int = Input(description="How many words to add.", default=8, ge=1, le=100),
        temperature: float | None = Input(
            description="0 takes the likeliest word each time, more is more daring; 0.8 if left "
            "out.",
            default=None,
            ge=0,
            le=5,
        ),
        seed: int = Input(
            description="The same seed makes the same choices.", default=1, ge=0, le=2**31
        ),
    ) -> str:
        """The prompt, without white space at its ends, and what follows it."""
        temperature = temperature or USUAL_TEMPERATURE
        chance = random.Random(seed)
        last = (prompt.lower().split() or ["the"])[-1]
        added = []
        for _ in range(words):
            followers = FOLLOWERS.get(last, FOLLOWERS["the"])
            last = choose(followers, temperature, chance)
            added.append(last)
        return " ".join([prompt.strip(), *added]).strip()


def choose(followers: dict[str, float], temperature: float, chance: random.Random) -> str:
    top = max(followers.values())
    if temperature < 1e-3:
        return max(followers, key=lambda word: followers[word])
    weights = [math.exp((score - top) / temperature) for score in followers.values()]
    return chance.choices(list(followers), weights)[0]
