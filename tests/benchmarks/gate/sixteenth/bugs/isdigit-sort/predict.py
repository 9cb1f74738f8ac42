"""Sorts the lines of a list as people would."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        lines: list[str] = Input(
            description="The lines to sort. White space around them is taken off.",
            default=["pear", "10", "apple", "9", "Fig"],
        ),
        descending: bool = Input(description="Whether the order is turned round.", default=False),
        unique: bool = Input(
            description="Whether of equal lines only the first stays.", default=False
        ),
    ) -> list[str]:
        """Numbers first, whole or decimal, negative or not, by their value; then texts.

        The texts are in alphabetical order, small and capital letters alike.
        """
        stripped = [line.strip() for line in lines]
        if unique:
            stripped = list(dict.fromkeys(stripped))
        return sorted(stripped, key=rank, reverse=descending)


def rank(line: str) -> tuple[bool, float, str]:
    if line.isdecimal():
        return False, float(line), ""
    return True, 0.0, line.casefold()
