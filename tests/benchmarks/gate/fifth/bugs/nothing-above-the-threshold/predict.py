"""What a text is about."""

from cog import BaseModel, BasePredictor, Input

TOPICS = {
    "weather": {"rain", "sun", "wind", "snow", "cloud"},
    "food": {"bread", "soup", "rice", "salt", "fish"},
    "travel": {"train", "road", "ticket", "sea", "map"},
}


class Output(BaseModel):
    topic: str
    score: float


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="rain and wind, then soup with bread"),
        threshold: float = Input(description="Least score to name.", default=0.1, ge=0, le=1),
    ) -> Output:
        words = {word.strip(".,;:!?").lower() for word in text.split()}
        scores = {name: len(words & known) / len(known) for name, known in TOPICS.items()}
        sure = {name: score for name, score in scores.items() if score >= threshold}
        topic = max(sure, key=lambda name: sure[name]) if sure else None
        return Output(topic=topic, score=max(scores.values()))
