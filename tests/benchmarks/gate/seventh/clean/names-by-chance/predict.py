"""Invents names for boats, other ones each time unless a seed is given."""

import random

from cog import BaseModel, BasePredictor, Input

FIRST = ["Silver", "Quiet", "Northern", "Merry", "Salty", "Golden", "Restless", "Blue"]
SECOND = ["Heron", "Lantern", "Morning", "Anchor", "Whistle", "Seal", "Meadow", "Star"]


class Names(BaseModel):
    names: list[str]
    seed: int


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(description="How many names; they may repeat", default=5, ge=1, le=50),
        temperature: float = Input(
            description="At 0 every boat has the likeliest name, whatever the seed",
            default=1.0,
            ge=0,
            le=2,
        ),
        seed: int | None = Input(
            description="The same seed gives the same names; leave empty for others each time",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> Names:
        """Give the names, and the seed that brings them again."""
        if seed is None:
            seed = random.SystemRandom().randrange(2**31)
        rng = random.Random(seed)
        names = [
            f"{self.draw(FIRST, temperature, rng)} {self.draw(SECOND, temperature, rng)}"
            for _ in range(count)
        ]
        return Names(names=names, seed=seed)

    def draw(self, words: list[str], temperature: float, rng: random.Random) -> str:
        # the nth word is half as likely as the one before, and the likelier the cooler
        spread = max(temperature, 1e-6)
        return rng.choices(
            words, [2.0 ** -min(place / spread, 500) for place in range(len(words))]
        )[0]
