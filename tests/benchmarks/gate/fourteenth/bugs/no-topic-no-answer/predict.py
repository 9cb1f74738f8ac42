"""Guesses what a message is about."""

import re

from cog import BasePredictor, Input

TOPICS = {
    "delivery": {"parcel", "delivery", "late", "arrived", "post", "courier"},
    "payment": {"pay", "paid", "card", "invoice", "bill", "refund", "money"},
    "account": {"password", "login", "account", "email", "name"},
}


class Predictor(BasePredictor):
    """Looks for words that give a topic away."""

    def predict(
        self,
        message: str = Input(
            description="What the customer wrote.",
            default="My parcel has not arrived and I want my money back.",
            max_length=5000,
        ),
        least: int = Input(
            description="Words of a topic that must be there.", default=1, ge=1, le=5
        ),
        prefix: bool = Input(description="Write topic: before the answer.", default=False),
    ) -> str:
        """The topic with the most words; the first one of equals."""
        words = set(re.findall(r"[a-z]+", message.lower()))
        hits = {topic: len(words & signs) for topic, signs in TOPICS.items()}
        best = max(hits, key=hits.get)
        if hits[best] >= least:
            return f"topic: {best}" if prefix else best
        return None
