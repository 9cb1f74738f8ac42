"""Finds prime factors with a table that is made at the start."""

from cog import BasePredictor, Input

TOP = 1_000_000


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Takes about a second: the smallest factor of every number up to a million."""
        self.smallest = list(range(TOP + 1))
        for number in range(2, 1001):
            if self.smallest[number] == number:
                for multiple in range(number * number, TOP + 1, number):
                    self.smallest[multiple] = min(self.smallest[multiple], number)

    def predict(
        self,
        number: int = Input(
            description="Number to take apart, up to a million.", default=360, ge=1, le=TOP
        ),
        once: bool = Input(
            description="Whether a factor that is in it several times is told only once.",
            default=False,
        ),
    ) -> list[int]:
        """Its prime factors, the smallest first; 1 has none."""
        factors = []
        while number > 1:
            factor = self.smallest[number]
            number //= factor
            if not once or factor not in factors:
                factors.append(factor)
        return factors
