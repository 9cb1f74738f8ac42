"""Writes numbers as people want to read them."""

import math

from cog import BasePredictor, Input

NOTATIONS = ["plain", "grouped", "scientific", "engineering", "percent"]


def engineering(value: float, digits: int) -> str:
    """An exponent that three divides."""
    if value == 0:
        return f"{value:.{digits}f}e0"
    exponent = math.floor(math.log10(abs(value)) / 3) * 3
    return f"{value / 10**exponent:.{digits}f}e{exponent}"


WRITERS = {
    "plain": lambda value, digits: f"{value:.{digits}f}",
    "grouped": lambda value, digits: f"{value:,.{digits}f}",
    "scientific": lambda value, digits: f"{value:.{digits}e}",
    "eng": engineering,
    "percent": lambda value, digits: f"{value * 100:.{digits}f} %",
}


class Predictor(BasePredictor):
    """One number, one text."""

    def predict(
        self,
        value: float = Input(description="The number.", default=12345.678, ge=-1e15, le=1e15),
        notation: str = Input(description="How to write it.", default="plain", choices=NOTATIONS),
        digits: int = Input(description="Digits after the point.", default=2, ge=0, le=10),
        plus: bool = Input(description="Show the sign of numbers above zero.", default=False),
        unit: str = Input(description="Comes after the number.", default="", max_length=20),
    ) -> str:
        """Write it."""
        written = WRITERS[notation](value, digits)
        if plus and value > 0:
            written = f"+{written}"
        return f"{written} {unit}" if unit else written
