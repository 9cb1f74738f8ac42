"""Powers, exactly, or about when they have more than 400 digits."""

import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        base: int = Input(description="Number to multiply.", default=2, ge=-1000, le=1000),
        power: int = Input(description="How often.", default=10, ge=0, le=10_000),
    ) -> str:
        digits = power * math.log10(abs(base)) if base else 0
        if digits <= 400:
            return str(base**power)
        lead = 10 ** (digits % 1)
        sign = "-" if base < 0 and power % 2 else ""
        return f"{sign}{lead:.6f}e{int(digits)}"
