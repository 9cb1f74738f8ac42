"""Whether a message is spam."""

from cog import BaseModel, BasePredictor, Input

SIGNS = {"free": 0.4, "winner": 0.5, "click": 0.3, "urgent": 0.35, "money": 0.25, "now": 0.15}


class Verdict(BaseModel):
    spam: bool
    score: float


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.known: dict[str, Verdict] = {}

    def predict(
        self,
        message: str = Input(description="What was written.", default="Click here for your money."),
        threshold: float = Input(
            description="Score from which a message is spam.", default=0.5, ge=0, le=1
        ),
    ) -> Verdict:
        key = " ".join(message.lower().split())
        if key not in self.known:
            if len(self.known) >= 500:
                self.known.clear()
            score = 0.05 + sum(weight for sign, weight in SIGNS.items() if sign in key)
            score = min(1.0, round(score, 3))
            self.known[key] = Verdict(spam=score >= threshold, score=score)
        return self.known[key]
