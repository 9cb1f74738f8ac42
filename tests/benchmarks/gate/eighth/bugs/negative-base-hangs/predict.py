"""Writes whole numbers in another base."""

from cog import BaseModel, BasePredictor, Input

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Written(BaseModel):
    text: str
    digits: int


class Predictor(BasePredictor):
    def predict(
        self,
        number: int = Input(description="Any whole number.", default=2024),
        base: int = Input(description="The base to write it in.", default=16, ge=2, le=36),
        pad: int = Input(
            description="At least so many digits, filled with zeros.", default=0, ge=0, le=64
        ),
    ) -> Written:
        """Return the digits, the most significant first."""
        rest = number
        digits = []
        while rest != 0:
            digits.append(DIGITS[rest % base])
            rest //= base
        text = "".join(reversed(digits)) or "0"
        text = text.rjust(pad, "0")
        return Written(text=text, digits=len(text))
