"""Take whole numbers apart into primes."""

import time

from cog import BasePredictor, Input

LIMIT = 31_700


def sieve(limit: int) -> list[int]:
    """List the primes below a limit."""
    flags = bytearray([1]) * limit
    flags[:2] = b"\0\0"
    for number in range(2, int(limit**0.5) + 1):
        if flags[number]:
            flags[number * number :: number] = bytes(len(flags[number * number :: number]))
    return [number for number, prime in enumerate(flags) if prime]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Prepare the primes; it waits as a loading of weights would."""
        time.sleep(1.2)
        self.primes = sieve(LIMIT)

    def predict(
        self,
        number: int = Input(
            description="The number to take apart.", default=360, ge=1, le=1_000_000_000
        ),
        powers: bool = Input(description="Write 2^3 instead of 2, 2, 2.", default=False),
    ) -> list[str]:
        """Return the prime factors, small ones first; the number 1 has none."""
        factors: list[int] = []
        rest, place = number, 0
        while True:
            prime = self.primes[place]
            if prime * prime > rest:
                break
            while rest % prime == 0:
                factors.append(prime)
                rest //= prime
            place += 1
        if rest > 1:
            factors.append(rest)
        if not powers:
            return [str(factor) for factor in factors]
        counts = {prime: factors.count(prime) for prime in factors}
        return [f"{prime}^{n}" if n > 1 else str(prime) for prime, n in counts.items()]
