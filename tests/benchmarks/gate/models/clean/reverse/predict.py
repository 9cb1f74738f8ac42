"""A text from its end, and how it reads."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    text: str
    letters: int
    is_palindrome: bool


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Any text.", max_length=100_000),
        mode: str = Input(description="By what.", default="letter", choices=["letter", "word"]),
    ) -> Output:
        parts = list(text) if mode == "letter" else text.split(" ")
        turned = ("" if mode == "letter" else " ").join(reversed(parts))
        return Output(text=turned, letters=len(text), is_palindrome=turned == text)
