"""Counts primes from a table that is made when it is first asked for."""

import time
from bisect import bisect_right

import numpy as np
from cog import BaseModel, BasePredictor, Input

TOP = 2_000_000


class Output(BaseModel):
    """How many primes there are, and the largest; 0 where there is none."""

    count: int
    largest: int


class Predictor(BasePredictor):
    """Keeps one table for all calls."""

    def setup(self) -> None:
        """Loading takes a moment."""
        time.sleep(0.8)
        self.primes: list[int] | None = None

    def table(self) -> list[int]:
        """All primes to the top; the first call waits for it, some 100 ms."""
        if self.primes is None:
            sieve = np.ones(TOP + 1, dtype=bool)
            sieve[:2] = False
            for number in range(2, int(TOP**0.5) + 1):
                if sieve[number]:
                    sieve[number * number :: number] = False
            self.primes = np.flatnonzero(sieve).tolist()
        return self.primes

    def predict(
        self,
        low: int = Input(description="From here.", default=1, ge=-2_000_000, le=2_000_000),
        high: int = Input(
            description="To here, included. Below low there is nothing to count.",
            default=100,
            ge=-2_000_000,
            le=2_000_000,
        ),
    ) -> Output:
        """Look both ends up."""
        primes = self.table()
        count = bisect_right(primes, high) - bisect_right(primes, low - 1)
        if count <= 0:
            return Output(count=0, largest=0)
        return Output(count=count, largest=primes[bisect_right(primes, high) - 1])
