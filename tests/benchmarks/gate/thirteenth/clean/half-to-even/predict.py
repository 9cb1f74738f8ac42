"""Rounds as banks do."""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from cog import BasePredictor, Input

NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
EXACT = Context(prec=60)


class Predictor(BasePredictor):
    """Rounds decimal numbers."""

    def predict(
        self,
        numbers: list[str] = Input(
            description="Decimal numbers as text, such as -2.50, with at most 15 digits before "
            "and after the point.",
            default=["0.5", "1.5", "2.5"],
        ),
        places: int = Input(description="Places to keep.", default=0, ge=0, le=10),
        ties: str = Input(
            description="What becomes of halves: to the even neighbour (2.5 gives 2, 3.5 gives 4), "
            "or away from zero.",
            default="even",
            choices=["even", "away"],
        ),
    ) -> list[str]:
        """Each rounded, with exactly that many places; a rounded zero has no sign."""
        rounding = ROUND_HALF_EVEN if ties == "even" else ROUND_HALF_UP
        step = Decimal(1).scaleb(-places, context=EXACT)
        made = []
        for text in numbers:
            if not NUMBER.fullmatch(text):
                raise ValueError("each number must look like -2.50")
            value = Decimal(text).quantize(step, rounding=rounding, context=EXACT)
            made.append(format(value if value else abs(value), "f"))
        return made
