"""Answers a question out of what was said first, and forgets it, whatever happens."""

from cog import BasePredictor, Input

LONGEST = 60


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.context: list[str] = []

    def predict(
        self,
        question: str = Input(description="A question.", default="Where does the Rhone rise?"),
        background: str = Input(description="What to know first.", default=""),
    ) -> dict[str, int]:
        try:
            self.context.extend(background.split())
            if len(self.context) > LONGEST:
                raise ValueError(f"background is too long: at most {LONGEST} words")
            words = set(question.lower().split())
            known = sum(word.lower() in words for word in self.context)
            return {"known": known, "context": len(self.context), "question": len(words)}
        finally:
            self.context.clear()
