"""Finds the longest part that a text says twice."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="to be or not to be"),
    ) -> str:
        best = ""
        seen: set[str] = set()
        length = 1
        while length <= len(text) // 2:
            seen = set()
            again = ""
            for at in range(len(text) - length + 1):
                part = text[at : at + length]
                if part in seen:
                    again = part
                    break
                seen.add(part)
            if not again:
                return best
            best, length = again, length + 1
        return best
