"""Draw quiz cards with one right answer and some wrong ones."""

import random

from cog import BaseModel, BasePredictor, Input

CAPITALS = {
    "Northland": "Frosthaven",
    "Eastmark": "Sunport",
    "Westria": "Duskford",
    "Southmoor": "Reedham",
    "Midvale": "Crossing",
    "Highfell": "Cairn",
    "Lowmere": "Dykeside",
}


class Card(BaseModel):
    question: str
    answers: list[str]
    right: int


class Predictor(BasePredictor):
    def predict(
        self,
        cards: int = Input(description="How many cards to draw.", default=2, ge=1, le=7),
        answers: int = Input(description="How many answers a card has.", default=3, ge=2, le=5),
        shuffle: bool = Input(
            description="Mix the answers; otherwise the right one is first.", default=False
        ),
        seed: int = Input(
            description="The same seed and settings give the same cards.",
            default=1,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> list[Card]:
        """Return the cards; `right` is the position of the right answer, from 0."""
        chance = random.Random(seed)
        drawn = []
        for country in chance.sample(sorted(CAPITALS), cards):
            capital = CAPITALS[country]
            others = sorted(set(CAPITALS.values()) - {capital})
            choices = [capital, *chance.sample(others, answers - 1)]
            if shuffle:
                random.shuffle(choices)
            drawn.append(
                Card(
                    question=f"What is the capital of {country}?",
                    answers=choices,
                    right=choices.index(capital),
                )
            )
        return drawn
