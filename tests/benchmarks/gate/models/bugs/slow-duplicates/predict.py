"""The distinct letters of a text, in order."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(self, text: str = Input(description="Any text.")) -> int:
        seen: list[tuple[str, int]] = []
        for at, letter in enumerate(text):
            pair = (letter, at)
            if pair not in seen:
                seen.append(pair)
        return len(seen)
