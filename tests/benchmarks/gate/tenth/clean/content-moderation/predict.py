"""Scores a text by categories of what a platform may not want."""

import re
from datetime import UTC, datetime

from cog import BaseModel, BasePredictor, Input

TERMS = {
    "spam": {"free": 0.3, "winner": 0.6, "click": 0.4, "offer": 0.3, "prize": 0.5},
    "insult": {"idiot": 0.9, "stupid": 0.7, "fool": 0.6, "loser": 0.7},
    "violence": {"kill": 0.8, "attack": 0.5, "punch": 0.5, "weapon": 0.6},
    "personal": {"password": 0.6, "address": 0.3, "phone": 0.3, "passport": 0.6},
}


class Output(BaseModel):
    flagged: bool
    categories: dict[str, bool]
    scores: dict[str, float]
    matches: list[str]
    checked_at: str


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to check. Case does not matter; whole words are compared.",
            default="You are a winner, click here for your free prize!",
            max_length=50000,
        ),
        categories: list[str] = Input(
            description="Categories to check: spam, insult, violence, personal. All if empty.",
            default=[],
        ),
        threshold: float = Input(
            description="A category is flagged when its score is at least this.",
            default=0.5,
            ge=0.01,
            le=1,
        ),
        allow: str = Input(
            description="Words that are always fine, separated by commas or spaces", default=""
        ),
    ) -> Output:
        """Scores go from 0 to 1 (two decimals). `matches` are words of the input, in order;
        `checked_at` is the time in UTC."""
        chosen = list(dict.fromkeys(categories)) or list(TERMS)
        if not set(chosen) <= set(TERMS):
            raise ValueError(f"categories: choose among {', '.join(TERMS)}")
        fine = set(re.split(r"[,\s]+", allow.lower()))
        words = [word for word in re.findall(r"[a-z]+", text.lower()) if word not in fine]
        present = set(words)
        scores = {}
        for category in chosen:
            calm = 1.0
            for word, weight in TERMS[category].items():
                calm *= 1 - weight * (word in present)
            scores[category] = round(1 - calm, 2)
        flags = {category: score >= threshold for category, score in scores.items()}
        known = {word for category in chosen for word in TERMS[category]}
        matches = [word for word in dict.fromkeys(words) if word in known]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Output(any(flags.values()), flags, scores, matches, now)
