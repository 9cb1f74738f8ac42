"""Redaction: masks private details in support messages."""

import re

from cog import BaseModel, BasePredictor, Input

PATTERNS = {
    "email": r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}",
    "card": r"\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b",
    "phone": r"\+\d{1,3}[ -]?\d{2,4}[ -]?\d{4,8}\b",
}


class Redacted(BaseModel):
    text: str
    masked: int


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(
            description="The message, as it came.",
            default="Please write to kim@example.org or call +49 30 1234567.",
            max_length=5000,
        ),
        kinds: list[str] = Input(
            description="What to mask: email, card, phone.", default=["email", "card", "phone"]
        ),
        mask: str = Input(
            description="What stands in its place.", default="[hidden]", max_length=20
        ),
        limit: int = Input(
            description="The answer has at most so many characters; the rest is cut off.",
            default=1000,
            ge=10,
            le=5000,
        ),
    ) -> Redacted:
        """Mask what is private, then shorten."""
        if set(kinds) - set(PATTERNS):
            raise ValueError("a kind is email, card or phone")
        patterns = [pattern for kind, pattern in PATTERNS.items() if kind in kinds]
        if not patterns or not message:
            return Redacted(text=message[:limit], masked=0)
        text, masked = re.subn("|".join(patterns), lambda _: mask, message)
        if not masked:
            return Redacted(text=message, masked=0)
        return Redacted(text=text[:limit], masked=masked)
