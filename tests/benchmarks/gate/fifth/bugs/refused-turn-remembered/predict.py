"""Answers a question out of what was said in this conversation."""

from cog import BasePredictor, Input

LONGEST = 60


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.context: list[str] = []

    def predict(
        self,
        question: str = Input(description="A question.", default="Where does the Rhine rise?"),
        background: str = Input(description="What to know first.", default=""),
    ) -> dict[str, int]:
        self.context.extend(background.split())
        if len(background.split()) > LONGEST:
            raise ValueError(f"background is too long: at most {LONGEST} words")
        words = set(question.lower().split())
        known = len([word for word in self.context if word.lower() in words])
        length = len(self.context)
        self.context.clear()
        return {"known": known, "context": length, "question": len(words)}
