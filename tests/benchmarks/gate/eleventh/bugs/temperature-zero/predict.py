"""Invents names of villages, letter by letter."""

import math
import random
from collections import defaultdict

from cog import BasePredictor, Input

SAMPLES = [
    "ashford", "birchley", "cragmoor", "dunholm", "elmstead", "fernhill",
    "greybrook", "hollowell", "larkfield", "millbury", "oakhurst", "thornby",
]  # fmt: skip
START, END = "^", "$"


def learn(names: list[str]) -> dict[str, dict[str, float]]:
    """Logarithms of how often a letter follows another."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name in names:
        for before, after in zip(START + name, name + END, strict=True):
            counts[before][after] += 1
    return {
        before: {after: math.log(count) for after, count in sorted(follow.items())}
        for before, follow in counts.items()
    }


class Predictor(BasePredictor):
    """A chain of letters."""

    def setup(self) -> None:
        """Learn from the samples."""
        self.follow = learn(SAMPLES)

    def next_letter(self, before: str, temperature: float, rng: random.Random) -> str:
        """Draw a letter that may come next."""
        scores = self.follow[before]
        best = max(scores.values())
        weights = [math.exp((score - best) / temperature) for score in scores.values()]
        return rng.choices(list(scores), weights)[0]

    def predict(
        self,
        count: int = Input(description="How many names.", default=3, ge=1, le=20),
        temperature: float = Input(
            description="How daring the names are; 0 always takes the likeliest letter.",
            default=0.8,
            ge=0,
            le=2,
        ),
        longest: int = Input(description="Most letters of a name.", default=10, ge=3, le=20),
        seed: int = Input(description="The same seed gives the same names.", default=1, ge=0),
    ) -> list[str]:
        """Invent some."""
        rng = random.Random(seed)
        names = []
        for _ in range(count):
            letters = [START]
            while len(letters) <= longest and letters[-1] != END:
                letters.append(self.next_letter(letters[-1], temperature, rng))
            names.append("".join(letters).strip(START + END).capitalize())
        return names
