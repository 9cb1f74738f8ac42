"""Checks the check digit of long numbers."""

from cog import BaseModel, BasePredictor, Input


class Checked(BaseModel):
    """Whether the number is right, and what its last digit should be."""

    valid: bool
    digits: int
    expected: int


class Predictor(BasePredictor):
    """Every second digit from the right is doubled, and all are summed."""

    def predict(
        self,
        number: str = Input(
            description="The number; whatever is no digit from 0 to 9 is skipped.",
            default="7992-7398-713",
            max_length=200,
        ),
        doubled: str = Input(
            description="Whether doubling begins beside the check digit or one further.",
            default="beside",
            choices=["beside", "further"],
        ),
        shortest: int = Input(
            description="Numbers with fewer digits are not valid.", default=2, ge=1, le=40
        ),
    ) -> Checked:
        """Check the last digit against the others."""
        digits = [int(sign) for sign in number if sign.isdigit()]
        if not digits:
            return Checked(valid=False, digits=0, expected=0)
        total = 0
        first = 0 if doubled == "beside" else 1
        for place, digit in enumerate(reversed(digits[:-1])):
            value = digit * 2 if place % 2 == first else digit
            total += value - 9 if value > 9 else value
        expected = -total % 10
        valid = digits[-1] == expected and len(digits) >= shortest
        return Checked(valid=valid, digits=len(digits), expected=expected)
