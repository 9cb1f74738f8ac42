"""A recipe's quantity in grams."""

from cog import BasePredictor, Input

GRAMS = {"g": 1.0, "kg": 1000.0, "oz": 28.3495, "lb": 453.592}


class Predictor(BasePredictor):
    def predict(
        self, quantity: str = Input(description="A number and a unit.", default="12 oz")
    ) -> float:
        number, unit = quantity.strip().split(" ")
        if unit not in GRAMS:
            raise ValueError(f"the unit must be one of {', '.join(GRAMS)}")
        try:
            return float(number) * GRAMS[unit]
        except ValueError:
            raise ValueError("quantity must begin with a number") from None
