"""Checks whether a caption keeps to the house rules."""

import re

from cog import BaseModel, BasePredictor, Input

CAPTION = re.compile(r"(\w+ ?)+")


class Verdict(BaseModel):
    accepted: bool
    words: int
    reason: str


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The caption. Accepted are words with single spaces after them.",
            default="A quiet harbour at dawn",
            max_length=300,
        ),
        max_words: int = Input(description="How many words are allowed.", default=12, ge=1, le=60),
    ) -> Verdict:
        """Say whether the caption is accepted, and if not, why."""
        words = len(text.split())
        if words > max_words:
            return Verdict(accepted=False, words=words, reason="too many words")
        if not CAPTION.fullmatch(text):
            return Verdict(accepted=False, words=words, reason="not only words")
        return Verdict(accepted=True, words=words, reason="")
