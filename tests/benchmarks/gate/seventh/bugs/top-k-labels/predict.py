"""Guesses the subject of a text and how sure it is."""

import math

from cog import BaseModel, BasePredictor, Input

SUBJECTS = {
    "weather": ["rain", "sun", "wind", "cloud", "storm"],
    "sport": ["match", "team", "goal", "race", "ball"],
    "food": ["bread", "soup", "cook", "salt", "dinner"],
    "travel": ["train", "road", "ticket", "hotel", "map"],
    "music": ["song", "band", "drum", "tune", "choir"],
}


class Guess(BaseModel):
    labels: list[str]
    scores: list[float]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.subjects = sorted(SUBJECTS)

    def scores(self, text: str) -> list[float]:
        words = text.lower().split()
        hits = [
            sum(word.strip(".,!?") in SUBJECTS[name] for word in words) for name in self.subjects
        ]
        weights = [math.exp(min(hit, 50)) for hit in hits]
        return [weight / sum(weights) for weight in weights]

    def predict(
        self,
        text: str = Input(
            description="Text to sort", default="The team missed the last train in the rain."
        ),
        top_k: int = Input(description="How many subjects to give", default=3, ge=1, le=10),
    ) -> Guess:
        scores = self.scores(text)
        ranking = sorted(range(len(scores)), key=lambda index: -scores[index])
        best = [ranking[place] for place in range(top_k)]
        return Guess(
            labels=[self.subjects[index] for index in best],
            scores=[round(scores[index], 4) for index in best],
        )
