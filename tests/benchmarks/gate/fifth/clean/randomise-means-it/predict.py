"""A hand of cards."""

import random

from cog import BasePredictor, Input

CARDS = [f"{rank}{suit}" for suit in "CDHS" for rank in (*range(2, 11), *"JQKA")]


class Predictor(BasePredictor):
    def predict(
        self,
        cards: int = Input(description="How many.", default=5, ge=1, le=52),
        seed: int = Input(description="The same seed, the same hand.", default=11),
        randomize: bool = Input(
            description="Take a new seed each time; seed is not looked at then.", default=False
        ),
    ) -> list[str]:
        chance = random.Random(None if randomize else seed)
        return chance.sample(CARDS, cards)
