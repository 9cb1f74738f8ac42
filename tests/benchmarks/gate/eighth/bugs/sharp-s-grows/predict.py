"""Writes a text in alternating small and capital letters."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Any text in any language.", default="what a lovely idea", max_length=2000
        ),
        start: str = Input(
            description="What the first letter becomes.",
            default="small",
            choices=["small", "capital"],
        ),
    ) -> str:
        """Return the text with every second character in capitals."""
        capitals = text.upper()
        turn = 1 if start == "small" else 0
        letters = []
        for place in range(len(capitals)):
            if place % 2 == turn:
                letters.append(capitals[place])
            else:
                letters.append(text[place])
        return "".join(letters)
