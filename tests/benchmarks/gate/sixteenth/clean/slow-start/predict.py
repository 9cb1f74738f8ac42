"""Finds the prime number that is nearest to a number."""

import time

import numpy as np
from cog import BaseModel, BasePredictor, Input

LARGEST = 1_000_000


class Output(BaseModel):
    prime: int
    distance: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Takes two seconds, so that the machine is quiet when the table is made."""
        time.sleep(2)
        sieve = np.ones(LARGEST + 100, dtype=bool)
        sieve[:2] = False
        for number in range(2, int(len(sieve) ** 0.5) + 1):
            if sieve[number]:
                sieve[number * number :: number] = False
        self.primes = np.flatnonzero(sieve)

    def predict(
        self,
        number: int = Input(
            description="A number up to a million, negative ones too. The first prime is 2.",
            default=1000,
            ge=-LARGEST,
            le=LARGEST,
        ),
    ) -> Output:
        """Of two primes that are equally near, the smaller one."""
        at = int(np.searchsorted(self.primes, number))
        around = self.primes[max(at - 1, 0) : at + 1]
        prime = min((int(value) for value in around), key=lambda value: abs(value - number))
        return Output(prime=prime, distance=abs(prime - number))
