"""Takes numbers apart into prime factors."""

import time

from cog import BasePredictor, Input

HIGHEST = 200_000


class Predictor(BasePredictor):
    """Needs a while to start and is quick then."""

    def setup(self) -> None:
        """Note the smallest factor of every number."""
        time.sleep(1.5)  # as long as the table of the full model takes to load
        self.smallest = list(range(HIGHEST + 1))
        for factor in range(2, int(HIGHEST**0.5) + 1):
            if self.smallest[factor] != factor:
                continue
            for number in range(factor * factor, HIGHEST + 1, factor):
                if self.smallest[number] == number:
                    self.smallest[number] = factor

    def predict(
        self,
        number: int = Input(
            description="The number; 1 has no factors.", default=360, ge=1, le=HIGHEST
        ),
        once: bool = Input(description="Name each factor only once.", default=False),
        largest_first: bool = Input(description="Begin with the largest.", default=False),
    ) -> list[int]:
        """The prime factors, from small to large unless asked otherwise."""
        factors = []
        while number > 1:
            factors.append(self.smallest[number])
            number //= factors[-1]
        if once:
            factors = sorted(set(factors))
        return factors[::-1] if largest_first else factors
