"""Wraps paragraphs to a width."""

import textwrap

from cog import BasePredictor, Input

KEPT = 64


class Predictor(BasePredictor):
    def setup(self):
        """Begin with nothing kept."""
        self.kept: dict[str, list[str]] = {}

    def predict(
        self,
        text: str = Input(
            description="A paragraph.",
            default="It rained all week, and on the seventh day the ferry did not come at all.",
            max_length=5000,
        ),
        width: int = Input(
            description="No line is longer than so many characters.", default=40, ge=1, le=200
        ),
    ) -> list[str]:
        """Return the lines."""
        lines = self.kept.get(text)
        if lines is None:
            lines = textwrap.wrap(text, width)
            if len(self.kept) >= KEPT:
                self.kept.pop(next(iter(self.kept)))
            self.kept[text] = lines
        return list(lines)
