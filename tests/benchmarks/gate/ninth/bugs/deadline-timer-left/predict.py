"""Takes whole numbers apart into primes."""

import threading

from cog import BaseModel, BasePredictor, Input


class Factors(BaseModel):
    """The primes in rising order, and what was left when the time was over (1: nothing)."""

    primes: list[int]
    rest: int


class Predictor(BasePredictor):
    """Trial division, good for numbers of twelve digits."""

    def predict(
        self,
        number: int = Input(description="Number to take apart.", default=360, ge=1, le=10**12),
        limit_s: float = Input(
            description="Seconds after which it gives up.", default=60.0, ge=5, le=600
        ),
    ) -> Factors:
        """Its primes, each as often as it divides."""
        late = threading.Event()
        alarm = threading.Timer(limit_s, late.set)
        alarm.daemon = True
        alarm.start()
        primes, candidate = [], 2
        while candidate * candidate <= number and not late.is_set():
            while number % candidate == 0:
                primes.append(candidate)
                number //= candidate
            candidate += 1 if candidate == 2 else 2
        if number > 1 and candidate * candidate > number:
            primes.append(number)
            number = 1
        return Factors(primes=primes, rest=number)
