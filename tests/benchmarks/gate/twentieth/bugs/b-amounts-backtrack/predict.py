"""Finds the sums of money in a text."""

import re

from cog import BasePredictor, Input

UNITS = ("crowns", "marks", "ducats")


class Predictor(BasePredictor):
    """A reader of letters and bills."""

    def setup(self) -> None:
        """Compile the pattern: groups of digits, then a currency."""
        self.amount = re.compile(r"(?<!\d)((?:[0-9]+[.,]?)+) ?((?ai:" + "|".join(UNITS) + r"))\b")

    def predict(
        self,
        text: str = Input(
            description="Text of any length, in which sums read like '1,200 crowns'.",
            default="We paid 1,200 crowns for the horse and 35 Ducats for the saddle.",
        ),
        currency: str = Input(
            description="Which currency to look for.", default="any", choices=["any", *UNITS]
        ),
    ) -> list[str]:
        """List the sums in the order in which the text has them."""
        found = []
        for match in self.amount.finditer(text):
            number, unit = match.group(1).rstrip(".,"), match.group(2).lower()
            if currency in ("any", unit):
                found.append(f"{number} {unit}")
        return found
