"""Draws the winners of a raffle."""

import random

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        entrants: list[str] = Input(
            description="Everybody who takes part.", default=["Ana", "Bo", "Cem", "Dee", "Eli"]
        ),
        winners: int = Input(description="How many different people win.", default=2, ge=1, le=100),
        seed: int = Input(description="The same seed draws the same winners.", default=7),
    ) -> list[str]:
        """Return the winners in alphabetical order."""
        if winners > len(entrants):
            raise ValueError("There are fewer entrants than winners.")
        draw = random.Random(seed)
        drawn: set[str] = set()
        while len(drawn) < winners:
            drawn.add(draw.choice(entrants))
        return sorted(drawn)
