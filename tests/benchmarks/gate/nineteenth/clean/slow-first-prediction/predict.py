"""Tells whether a short review is glad or cross; it learns from examples when first asked."""

import re
from functools import cached_property

import numpy as np
from cog import BaseModel, BasePredictor, Input

GLAD = ["good boat and kind crew", "lovely lake", "warm soup good bread", "kind and quick", "happy"]
CROSS = ["bad soup", "cold room and rude crew", "slow boat", "rude and slow", "bad cold bread"]


class Mood(BaseModel):
    label: str
    glad: float


class Learned:
    @cached_property
    def words(self) -> dict[str, int]:
        """The place of each word that comes up in the examples."""
        return {w: at for at, w in enumerate(sorted({*" ".join(GLAD + CROSS).split()}))}

    @cached_property
    def weights(self) -> np.ndarray:
        """Fitted once for all predictions, in half a second or so; always the same."""
        table = np.stack([self.counts(text) for text in GLAD + CROSS])
        wanted = np.array([1.0] * len(GLAD) + [0.0] * len(CROSS))
        weights = np.zeros(len(self.words))
        for _ in range(60000):
            guessed = 1 / (1 + np.exp(-table @ weights))
            weights += 0.1 * ((wanted - guessed) @ table - 0.05 * weights)
        return weights

    def counts(self, text: str) -> np.ndarray:
        """1 for each known word that the text has."""
        seen = np.zeros(len(self.words))
        for word in re.findall(r"\w+", text.lower()):
            if word in self.words:
                seen[self.words[word]] = 1
        return seen


class Predictor(BasePredictor):
    learned = Learned()

    def predict(
        self,
        review: str = Input(
            description="A review in English. Words that it does not know count for nothing.",
            default="good soup but a slow crew",
            max_length=5000,
        ),
        unsure: float = Input(
            description="How far from 0.5 a score must be for a label other than unsure.",
            default=0.1,
            ge=0,
            le=0.5,
        ),
    ) -> Mood:
        """A label (glad, cross or unsure) and the chance that it is glad, to 4 places."""
        score = float(1 / (1 + np.exp(-self.learned.counts(review) @ self.learned.weights)))
        sure = abs(score - 0.5) > unsure
        label = ("glad" if score > 0.5 else "cross") if sure else "unsure"
        return Mood(label=label, glad=round(score, 4))
