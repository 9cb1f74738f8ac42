"""Draws lottery tickets."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.random = random.Random()
        self.seed = None

    def reseed(self, seed):
        """Seeding is the slow part of a draw."""
        if seed != self.seed:
            self.random.seed(seed)
            self.seed = seed

    def predict(
        self,
        seed: int = Input(
            description="The same seed and settings draw the same tickets.",
            default=1,
            ge=0,
            le=2**31 - 1,
        ),
        tickets: int = Input(description="Tickets to draw.", default=2, ge=1, le=20),
        highest: int = Input(description="Highest number on a ticket.", default=49, ge=6, le=99),
    ) -> list[str]:
        """Each ticket has six different numbers, in rising order."""
        self.reseed(seed)
        drawn = []
        for _ in range(tickets):
            numbers = sorted(self.random.sample(range(1, highest + 1), 6))
            drawn.append(" ".join(str(number) for number in numbers))
        return drawn
