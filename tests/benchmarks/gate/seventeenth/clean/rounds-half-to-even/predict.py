"""Rounds amounts as accountants do."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from cog import BasePredictor, Input

AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)


class Predictor(BasePredictor):
    def predict(
        self,
        amounts: str = Input(
            description="Amounts parted by white space, each of up to 15 digits before the point "
            "and up to 15 after it. Anything else is refused.",
            default="0.125 0.375 2.5 -7",
            max_length=4000,
        ),
        places: int = Input(
            description="Decimals to keep. What lies right in the middle goes to the even digit: "
            "with 0 places 2.5 becomes 2 and 3.5 becomes 4.",
            default=2,
            ge=0,
            le=10,
        ),
    ) -> str:
        """The rounded amounts, parted by single spaces, each with exactly that many decimals."""
        step = Decimal(1).scaleb(-places)
        rounded = []
        for number, word in enumerate(amounts.split(), 1):
            if not AMOUNT.fullmatch(word):
                raise ValueError(f"amounts: number {number} is not an amount")
            value = Decimal(word).quantize(step, rounding=ROUND_HALF_EVEN)
            rounded.append(f"{abs(value) if value == 0 else value:f}")
        return " ".join(rounded)
