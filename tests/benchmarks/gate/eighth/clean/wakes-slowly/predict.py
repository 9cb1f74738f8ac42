"""Answers how far numbers are from a prime."""

import time

from cog import BasePredictor, Input

LIMIT = 200_000


class Predictor(BasePredictor):
    def setup(self):
        """Sieve the primes, and wait for a disk that wakes slowly."""
        print("loading ...")
        sieve = bytearray([1]) * (LIMIT + 100)
        sieve[0] = sieve[1] = 0
        for number in range(2, int(len(sieve) ** 0.5) + 1):
            if sieve[number]:
                step = range(number * number, len(sieve), number)
                sieve[number * number :: number] = bytes(len(step))
        self.primes = bytes(sieve)
        time.sleep(2)
        print("ready")

    def predict(
        self,
        numbers: list[int] = Input(
            description="Up to 100 numbers from 2 to 200000; others are refused.",
            default=[10, 11, 12],
        ),
        upwards: bool = Input(
            description="Look for larger primes only. Else for the nearest on either side.",
            default=False,
        ),
    ) -> list[int]:
        """Return the distance to the next prime, for each number."""
        if len(numbers) > 100 or any(not 2 <= number <= LIMIT for number in numbers):
            raise ValueError("Give up to 100 numbers from 2 to 200000.")
        return [self.distance(number, upwards) for number in numbers]

    def distance(self, number, upwards):
        step = 0
        while True:
            if self.primes[number + step] or (not upwards and self.primes[number - step]):
                return step
            step += 1
