"""Finds numbers with a given property, on a few threads that stay."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cog import BasePredictor, Input

LARGEST = 200_000


def is_prime(number: int) -> bool:
    """Only divisible by one and itself."""
    if number < 2:
        return False
    return all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


def is_square(number: int) -> bool:
    """A whole number times itself."""
    return math.isqrt(number) ** 2 == number


def is_mirror(number: int) -> bool:
    """The same when read backwards."""
    return str(number) == str(number)[::-1]


TESTS: dict[str, Callable[[int], bool]] = {
    "prime": is_prime,
    "square": is_square,
    "mirror": is_mirror,
}


class Predictor(BasePredictor):
    """Shares the work out."""

    def setup(self) -> None:
        """Start the threads, which serve every prediction."""
        self.threads = ThreadPoolExecutor(max_workers=3)
        self.served = 0

    def predict(
        self,
        start: int = Input(description="First number.", default=100, ge=0, le=LARGEST),
        span: int = Input(
            description="Length of the range that is searched.", default=100, ge=1, le=5000
        ),
        property: str = Input(
            description="What is looked for.", default="prime", choices=list(TESTS)
        ),
        step: int = Input(
            description="Try every so many-th number of it.", default=1, ge=1, le=100
        ),
        limit: int = Input(
            description="At most so many, the smallest ones.", default=50, ge=1, le=500
        ),
    ) -> list[int]:
        """The numbers, smallest first."""
        self.served += 1
        tried = range(start, start + span, step)
        parts = [tried[at::3] for at in range(3)]
        test = TESTS[property]
        found = self.threads.map(lambda part: [one for one in part if test(one)], parts)
        return sorted(number for part in found for number in part)[:limit]
