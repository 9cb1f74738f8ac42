"""Sorts messages into topics."""

import re

from cog import BaseModel, BasePredictor, Input

CUES = {
    "travel": {"train", "ticket", "hotel", "flight", "trip"},
    "food": {"bread", "soup", "dinner", "recipe", "cook"},
    "sport": {"match", "team", "goal", "run", "coach"},
    "money": {"bill", "price", "pay", "bank", "loan"},
}


class Score(BaseModel):
    """A topic and how sure the model is; all together are 1 but for rounding."""

    label: str
    score: float


class Predictor(BasePredictor):
    """Counts words that are typical of a topic."""

    def setup(self) -> None:
        """Learn the topics, one column for each."""
        self.labels = list(CUES)
        self.columns = [CUES[label] for label in self.labels]

    def predict(
        self,
        message: str = Input(
            description="A message in English.",
            default="The team took the train to the match.",
            max_length=5000,
        ),
        alphabetical: bool = Input(
            description="Topics by name instead of as the model knows them.", default=False
        ),
    ) -> list[Score]:
        """Every topic with its score."""
        words = re.findall(r"[a-z]+", message.lower())
        hits = [1 + sum(word in column for word in words) for column in self.columns]
        scores = dict(zip(self.labels, (hit / sum(hits) for hit in hits), strict=True))
        names = self.labels
        if alphabetical:
            names.sort()
        return [Score(label=name, score=round(scores[name], 4)) for name in names]
