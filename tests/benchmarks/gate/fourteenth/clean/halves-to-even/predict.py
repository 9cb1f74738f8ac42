"""Rounds amounts."""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from cog import BasePredictor, Input

AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
WAYS = {"half to even": ROUND_HALF_EVEN, "half away from zero": ROUND_HALF_UP}


class Predictor(BasePredictor):
    """The way bookkeepers do."""

    def predict(
        self,
        amounts: str = Input(
            description="Up to 100 amounts with spaces between, as 12, -0.5 or 3.125: up to 12 "
            "digits on either side of the point; anything else is refused.",
            default="0.125 0.135 2.5 -1.005",
            max_length=2800,
        ),
        digits: int = Input(description="Digits behind the point.", default=2, ge=0, le=6),
        halves: str = Input(
            description="What becomes of a half: half to even makes 0.125 to 0.12.",
            default="half to even",
            choices=["half to even", "half away from zero"],
        ),
    ) -> list[str]:
        """The rounded amounts in their order; nothing is ever written as -0."""
        words = amounts.split()
        if len(words) > 100:
            raise ValueError("more than 100 amounts")
        if not all(AMOUNT.fullmatch(word) for word in words):
            raise ValueError("amounts holds something that is no amount")
        step = Decimal(1).scaleb(-digits)
        rounded = [Decimal(word).quantize(step, rounding=WAYS[halves]) for word in words]
        return [format(abs(value) if value == 0 else value, "f") for value in rounded]
