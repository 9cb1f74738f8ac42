"""What a text is about, if that is clear."""

from cog import BaseModel, BasePredictor, Input

TOPICS = {
    "weather": {"rain", "sun", "wind", "snow"},
    "food": {"bread", "soup", "rice", "salt"},
}


class Output(BaseModel):
    topic: str | None
    scores: dict[str, float]


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="rain and wind, then soup"),
        threshold: float = Input(description="Least score to name.", default=0.1, ge=0, le=1),
    ) -> Output:
        words = {word.strip(".,;:!?").lower() for word in text.split()}
        scores = {name: len(words & known) / len(known) for name, known in TOPICS.items()}
        topic = max(scores, key=lambda name: scores[name])
        return Output(topic=topic if scores[topic] >= threshold else None, scores=scores)
