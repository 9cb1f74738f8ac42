"""An amount of money in another currency."""

from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from typing import Optional

from cog import BasePredictor, Input

RATES = {"EUR": Decimal("1"), "USD": Decimal("1.0837"), "JPY": Decimal("163.42")}


class Predictor(BasePredictor):
    def predict(
        self,
        amount: float = Input(description="The amount.", default=1234.56, ge=0, le=1e9),
        currency: str = Input(
            description="What it is in.", default="EUR", choices=["EUR", "USD", "JPY"]
        ),
        to: str = Input(
            description="What to have it in.", default="USD", choices=["EUR", "USD", "JPY"]
        ),
        digits: Optional[int] = Input(
            description="Significant digits to keep; all of them if it is left out.",
            default=None,
            ge=2,
            le=20,
        ),
    ) -> str:
        if digits is not None:
            getcontext().prec = digits
        getcontext().rounding = ROUND_HALF_EVEN
        value = Decimal(str(amount)) / RATES[currency] * RATES[to]
        return f"{value:f}"
