"""A text with its lines numbered, and how long each is."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, text: str = Input(description="Lines of text.", default="first\nsecond\nthird")
    ) -> str:
        text = text.strip()
        if not text:
            return ""
        lengths = [len(line) for line in text.split("\n")]
        numbered = zip(text.splitlines(), lengths, strict=True)
        return "\n".join(f"{n} ({size}): {line}" for n, (line, size) in enumerate(numbered, 1))
