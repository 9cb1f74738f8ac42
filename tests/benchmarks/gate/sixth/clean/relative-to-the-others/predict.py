"""How likely each of several answers is; the numbers are relative to the other answers."""

import math

from cog import BasePredictor, Input


def likeness(question: str, answer: str) -> float:
    """How many letters they share."""
    return len(set(question.lower()) & set(answer.lower())) / 5


class Predictor(BasePredictor):
    def predict(
        self,
        question: str = Input(description="What is asked.", default="Where is Rome?"),
        answers: list[str] = Input(
            description="Answers to weigh against each other; their numbers add up to 1.",
            default=["In Italy.", "In Spain."],
        ),
        temperature: float = Input(description="How evenly.", default=1.0, ge=0.1, le=5),
    ) -> list[float]:
        if not 1 <= len(answers) <= 50:
            raise ValueError("answers must be a list of 1 to 50 texts")
        scores = [likeness(question, answer) / temperature for answer in answers]
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        return [weight / sum(weights) for weight in weights]
