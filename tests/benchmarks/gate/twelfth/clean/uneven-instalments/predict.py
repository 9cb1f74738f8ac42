"""Splits an amount into instalments, to the cent."""

from decimal import ROUND_HALF_EVEN, Decimal

from cog import BaseModel, BasePredictor, Input

CENT = Decimal("0.01")


class Plan(BaseModel):
    total: str
    deposit: str
    instalments: list[str]


class Predictor(BasePredictor):
    def predict(
        self,
        amount: float = Input(
            description="Amount to pay; rounded to the cent, half cents to the even one.",
            default=100.0,
            ge=0.01,
            le=1_000_000.0,
        ),
        months: int = Input(
            description="Instalments. They differ by a cent where the amount asks for it, the "
            "greater ones first; small amounts leave some at 0.00.",
            default=3,
            ge=1,
            le=60,
        ),
        deposit_percent: int = Input(
            description="Paid at once, rounded down to the cent.", default=0, ge=0, le=90
        ),
        comma: bool = Input(description="Write 0,50 instead of 0.50.", default=False),
    ) -> Plan:
        """Make a plan whose parts add up to the total."""
        total = Decimal(str(amount)).quantize(CENT, rounding=ROUND_HALF_EVEN)
        cents = int(total * 100)
        deposit = cents * deposit_percent // 100
        each, spare = divmod(cents - deposit, months)
        parts = [each + (place < spare) for place in range(months)]

        def written(value: int) -> str:
            text = f"{value // 100}.{value % 100:02}"
            return text.replace(".", ",") if comma else text

        return Plan(
            total=written(cents),
            deposit=written(deposit),
            instalments=[written(part) for part in parts],
        )
