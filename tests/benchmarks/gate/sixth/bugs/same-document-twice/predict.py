"""Documents in the order in which they answer a question."""

from cog import BaseModel, BasePredictor, Input


class Ranked(BaseModel):
    document: str
    score: float


def words(text: str) -> set[str]:
    """Its words without marks."""
    return {word.strip(".,;:!?").lower() for word in text.split()} - {""}


class Predictor(BasePredictor):
    def predict(
        self,
        question: str = Input(description="What is asked.", default="How tall is the tower?"),
        documents: list[str] = Input(
            description="What to rank; each of them is in the answer, the best first."
        ),
    ) -> list[Ranked]:
        if not 1 <= len(documents) <= 100:
            raise ValueError("documents must be a list of 1 to 100 texts")
        asked = words(question)
        scores = {}
        for document in documents:
            held = words(document)
            both = len(asked | held)
            scores[document] = len(asked & held) / both if both else 0.0
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        return [Ranked(document=text, score=round(score, 4)) for text, score in ranked]
