"""Divides seats by votes."""

from fractions import Fraction

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Largest remainders: first the whole seats, then one each where most was cut off."""

    def predict(
        self,
        votes: list[float] = Input(
            description="Weight of each list, 0 or more; 200 lists at most.",
            default=[41000.0, 29000.0, 17000.0, 13000.0],
        ),
        seats: int = Input(description="Seats to give.", default=10, ge=0, le=10_000),
        hurdle: float = Input(
            description="Lists with a smaller part of all votes get nothing.",
            default=0.0,
            ge=0,
            le=0.5,
        ),
    ) -> list[int]:
        """Seats of each list, in their order. They add up to all seats, or to 0 if no list is in.

        What one list gets depends on all others; of two that are even the earlier one goes first.
        """
        if len(votes) > 200 or any(not 0 <= vote < float("inf") for vote in votes):
            raise ValueError("votes: 200 at most, none below 0")
        exact = [Fraction(str(vote)) for vote in votes]
        cast = sum(exact)
        counted = [vote if vote >= cast * Fraction(str(hurdle)) else Fraction(0) for vote in exact]
        whole = sum(counted)
        if not whole:
            return [0] * len(votes)
        quotas = [vote * seats / whole for vote in counted]
        given = [int(quota) for quota in quotas]
        order = sorted(range(len(quotas)), key=lambda place: given[place] - quotas[place])
        for place in order[: seats - sum(given)]:
            given[place] += 1
        return given
