"""A temperature in another unit."""

from cog import BasePredictor, Input

RULES = {
    ("celsius", "fahrenheit"): lambda one: one * 9 / 5 + 32,
    ("fahrenheit", "celsius"): lambda one: (one - 32) * 5 / 9,
    ("celsius", "kelvin"): lambda one: one + 273.15,
    ("kelvin", "celsius"): lambda one: one - 273.15,
    ("fahrenheit", "kelvin"): lambda one: (one - 32) * 5 / 9 + 273.15,
}
UNITS = ["celsius", "fahrenheit", "kelvin"]
COLDEST = {"celsius": -273.15, "fahrenheit": -459.67, "kelvin": 0.0}


class Predictor(BasePredictor):
    def predict(
        self,
        degrees: float = Input(description="The temperature.", default=20, ge=-500, le=100000),
        unit: str = Input(description="The unit it is in.", default="celsius", choices=UNITS),
        to: str = Input(description="The unit to have.", default="fahrenheit", choices=UNITS),
    ) -> float:
        if degrees < COLDEST[unit]:
            raise ValueError(f"degrees is below absolute zero, {COLDEST[unit]} {unit}")
        if unit == to:
            return degrees
        return round(RULES[unit, to](degrees), 2)
