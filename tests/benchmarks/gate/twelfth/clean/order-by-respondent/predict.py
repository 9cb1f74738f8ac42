"""Surveys: each respondent sees the questions in an order of their own."""

import hashlib

from cog import BaseModel, BasePredictor, Input


class Question(BaseModel):
    number: int
    text: str


def rank(salt: str, number: int) -> bytes:
    """A place that looks random and is always the same."""
    return hashlib.sha256(f"{number}:{salt}".encode("utf-8", "surrogatepass")).digest()


class Predictor(BasePredictor):
    def predict(
        self,
        questions: list[str] = Input(
            description="Questions, 1 to 100.",
            default=["How old is the house?", "Who lives there?", "Is it warm?", "Any cats?"],
        ),
        respondent: str = Input(
            description="Any name. The order depends on it and looks shuffled; the same name "
            "always gets the same order.",
            default="r-17",
            max_length=100,
        ),
        keep_first: int = Input(
            description="So many questions stay at the beginning, in their order; all of them if "
            "there are no more.",
            default=1,
            ge=0,
            le=100,
        ),
        most: int = Input(
            description="At most so many questions are asked, so that some respondents do not see "
            "all.",
            default=100,
            ge=1,
            le=100,
        ),
    ) -> list[Question]:
        """Order questions; `number` is the place in `questions`, from 1."""
        if not 1 <= len(questions) <= 100:
            raise ValueError("between 1 and 100 questions")
        every = [Question(number=n, text=text) for n, text in enumerate(questions, 1)]
        rest = sorted(every[keep_first:], key=lambda question: rank(respondent, question.number))
        return [*every[:keep_first], *rest][:most]
