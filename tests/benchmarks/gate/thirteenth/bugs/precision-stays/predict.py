"""Square roots to as many digits as one likes."""

import decimal
import re
from decimal import Decimal

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Roots in decimal arithmetic."""

    def predict(
        self,
        number: str = Input(
            description="A decimal number, not negative, such as 2 or 0.5; 30 characters at most.",
            default="2",
        ),
        digits: int = Input(
            description="Significant digits of the result; 0 for the usual 28.",
            default=0,
            ge=0,
            le=200,
        ),
    ) -> str:
        """The root, rounded to the digits."""
        if len(number) > 30 or not re.fullmatch(r"\d+(\.\d+)?", number, re.ASCII):
            raise ValueError("number must be a decimal number such as 0.5")
        if digits:
            decimal.getcontext().prec = digits
        return format(Decimal(number).sqrt(), "f")
