"""Says whether sentences sound pleased or not."""

import math
import re

from cog import BaseModel, BasePredictor, Input

WORDS = {
    "good": 1.0, "great": 1.6, "excellent": 2.0, "love": 1.8, "nice": 0.9, "happy": 1.4,
    "bad": -1.0, "poor": -1.2, "awful": -2.0, "hate": -1.9, "slow": -0.7, "broken": -1.3,
}  # fmt: skip
NEGATIONS = {"not", "no", "never", "isn't", "wasn't", "don't", "hardly"}
BOOSTS = {"very": 1.5, "really": 1.4, "extremely": 1.8, "slightly": 0.5}


class Sentiment(BaseModel):
    label: str
    score: float
    scores: dict[str, float]


class Predictor(BasePredictor):
    def valence(self, text: str) -> float:
        total, sign, boost, since = 0.0, 1, 1.0, 9
        for word in re.findall(r"[a-z']+", text.lower().replace("\u2019", "'")):
            since += 1
            if since > 3:
                sign, boost = 1, 1.0
            if word in NEGATIONS:
                sign, since = -1, 0
            elif word in BOOSTS:
                boost, since = BOOSTS[word], 0
            elif word in WORDS:
                total += sign * boost * WORDS[word]
                since = 9
        return max(-20.0, min(20.0, total))

    def judge(self, text: str, threshold: float) -> Sentiment:
        value = self.valence(text)
        weights = {"positive": math.exp(value), "neutral": 1.5, "negative": math.exp(-value)}
        total = sum(weights.values())
        scores = {label: round(weight / total, 4) for label, weight in weights.items()}
        best = max(scores, key=lambda label: scores[label])
        label = best if scores[best] >= threshold else "neutral"
        return Sentiment(label, scores[label], scores)

    def predict(
        self,
        texts: list[str] = Input(
            description="English sentences, one result for each, in order. At most 200; "
            "of each the first 5000 characters.",
            default=["The room was nice.", "Not good, and very slow."],
        ),
        threshold: float = Input(
            description="positive and negative need at least this score, else neutral is given.",
            default=0.5,
            ge=0,
            le=1,
        ),
    ) -> list[Sentiment]:
        """Scores are between 0 and 1, rounded to four digits; `score` is that of the label."""
        if len(texts) > 200:
            raise ValueError("texts: 200 at most")
        return [self.judge(text[:5000], threshold) for text in texts]
