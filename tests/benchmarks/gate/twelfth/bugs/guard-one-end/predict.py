"""Spam filter of naive Bayes, with a prior of the caller's."""

import math
import re

from cog import BaseModel, BasePredictor, Input

# how much more often a word is in spam than elsewhere
RATIOS = {"winner": 9.0, "free": 3.5, "urgent": 4.0, "meeting": 0.2, "invoice": 0.7, "thanks": 0.3}
SMALLEST = 1e-6


class Verdict(BaseModel):
    probability: float
    spam: bool
    words: list[str]


def log_odds(probability: float) -> float:
    """From a probability to the scale on which evidence adds up."""
    probability = max(probability, SMALLEST)
    return math.log(probability / (1 - probability))


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(
            description="Text of the message.",
            default="Urgent: you are a winner",
            max_length=10000,
        ),
        prior: float = Input(
            description="Share of spam among all messages.", default=0.3, ge=0.0, le=1.0
        ),
        threshold: float = Input(
            description="Spam is what is at least this probable.", default=0.8, ge=0.0, le=1.0
        ),
        most_words: int = Input(
            description="At most so many words are counted as evidence.", default=10, ge=1, le=50
        ),
    ) -> Verdict:
        """Judge one message."""
        words = re.findall(r"[a-z]+", message.lower())
        known = [word for word in dict.fromkeys(words) if word in RATIOS][:most_words]
        odds = log_odds(prior) + sum(math.log(RATIOS[word]) for word in known)
        probability = 1 / (1 + math.exp(-odds))
        return Verdict(
            probability=round(probability, 6), spam=probability >= threshold, words=known
        )
