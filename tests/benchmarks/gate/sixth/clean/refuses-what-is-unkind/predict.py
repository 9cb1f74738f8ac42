"""A greeting in verse, which is not made for unkind words."""

from cog import BasePredictor, Input

UNKIND = {"stupid", "idiot", "hate", "kill"}


class Predictor(BasePredictor):
    def predict(
        self,
        wish: str = Input(
            description="What to wish. Unkind words are refused, and so are empty wishes.",
            default="a happy birthday",
            max_length=200,
        ),
        lines: int = Input(description="Lines of the verse.", default=2, ge=1, le=8),
    ) -> str:
        words = [word.strip(".,!?") for word in wish.lower().split()]
        if not any(words):
            raise ValueError("wish must not be empty")
        if UNKIND & set(words):
            raise ValueError("wish was refused: it has unkind words")
        verse = [f"We wish you {wish.strip()},", "today and every day."]
        return "\n".join(verse[at % 2] for at in range(lines))
