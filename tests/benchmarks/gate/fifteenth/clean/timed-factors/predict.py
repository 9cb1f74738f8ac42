"""Split a number into primes."""

import time

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The primes, and how long it took."""

    factors: list[int]
    took_ms: float


class Predictor(BasePredictor):
    """Trial division."""

    def predict(
        self,
        number: int = Input(description="What to split", default=360, ge=1, le=10**10),
        repeated: bool = Input(
            description="Give a prime as often as it divides, else once", default=True
        ),
        descending: bool = Input(description="The largest first", default=False),
    ) -> Output:
        """Give the primes, none for 1; took_ms is measured and differs each time."""
        began = time.perf_counter()
        factors: list[int] = []
        rest, prime = number, 2
        while prime * prime <= rest:
            while rest % prime == 0:
                rest //= prime
                factors.append(prime)
            prime += 1 if prime == 2 else 2
        if rest > 1:
            factors.append(rest)
        if not repeated:
            factors = sorted(set(factors))
        if descending:
            factors.reverse()
        return Output(factors=factors, took_ms=(time.perf_counter() - began) * 1000)
