"""Cuts a text into pieces that fit a speech model, between words."""

from cog import BasePredictor, Input


def cut(text: str, limit: int) -> list[str]:
    pieces = []
    start = 0
    while start < len(text):
        end = min(start + limit, len(text))
        if end < len(text):
            space = text.rfind(" ", start, end)
            if space > start:
                end = space
        piece = text[start:end].strip()
        if piece:
            pieces.append(piece)
        start += limit
    return pieces


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to read aloud", default="Good morning to all of you."),
        limit: int = Input(description="Most characters in a piece", default=60, ge=5, le=1000),
    ) -> list[str]:
        """Give the pieces in their order; together they hold the whole text."""
        return cut(" ".join(text.split()), limit)
