"""Rounds amounts the way that books are kept in."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from cog import BaseModel, BasePredictor, Input

WAYS = {"half even": ROUND_HALF_EVEN, "up": ROUND_CEILING, "down": ROUND_FLOOR}
LARGEST, MOST = Decimal(10) ** 9, 200


class Rounded(BaseModel):
    """The rounded amounts, their sum, and the rounded sum of the given ones."""

    amounts: list[str]
    sum_of_rounded: str
    rounded_sum: str


def amount(text: str) -> Decimal:
    """The number that a text holds."""
    try:
        value = Decimal(text.strip())
        fits = value.is_finite() and abs(value) <= LARGEST and value.as_tuple().exponent >= -9
    except ArithmeticError:
        raise ValueError("amounts: each must be a number such as 12.345") from None
    if not fits:
        raise ValueError("amounts: at most 1e9 and at most 9 digits after the point")
    return value


class Predictor(BasePredictor):
    """Decimal, never binary."""

    def predict(
        self,
        amounts: list[str] = Input(
            description="At most 200 decimal numbers as text, with a point, up to 1e9 and with "
            "at most 9 digits after the point; others are refused.",
            default=["2.345", "2.355", "1.005"],
        ),
        digits: int = Input(description="Digits after the point.", default=2, ge=0, le=6),
        way: str = Input(
            description="Half even: halves go to the even neighbour, so 2.345 becomes 2.34. "
            "Up and down: towards plus and minus infinity.",
            default="half even",
            choices=list(WAYS),
        ),
        step: int = Input(
            description="Round to a multiple of so many of the last digit.", default=1, ge=1, le=5
        ),
    ) -> Rounded:
        """Rounded; the two sums may differ, as each amount is rounded by itself."""
        if len(amounts) > MOST:
            raise ValueError(f"amounts: at most {MOST}")
        values = [amount(text) for text in amounts]
        unit = Decimal(step).scaleb(-digits)

        def rounded(value: Decimal) -> Decimal:
            """To a multiple of the unit; zero has no sign."""
            return (value / unit).to_integral_value(WAYS[way]) * unit + 0

        results = [rounded(value) for value in values]
        return Rounded(
            amounts=[f"{result:.{digits}f}" for result in results],
            sum_of_rounded=f"{sum(results, Decimal(0)):.{digits}f}",
            rounded_sum=f"{rounded(sum(values, Decimal(0))):.{digits}f}",
        )
