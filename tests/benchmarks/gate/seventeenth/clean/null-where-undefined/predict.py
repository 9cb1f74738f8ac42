"""Says how two columns hang together."""

import math
from fractions import Fraction

from cog import BasePredictor, Input

MOST = 1e9


class Predictor(BasePredictor):
    def predict(
        self,
        left: list[float] = Input(
            description="First column: up to 1,000 numbers, each from -1e9 to 1e9.",
            default=[1.0, 2.0, 3.0, 4.0],
        ),
        right: list[float] = Input(
            description="Second column, as long as the first; another length is refused.",
            default=[2.0, 4.1, 5.9, 8.2],
        ),
    ) -> dict:
        """`r`, the correlation to six decimals, and `n`, the number of pairs.

        r is null where it is not defined: for fewer than two pairs, and where all numbers of a
        column are the same.
        """
        if len(left) != len(right):
            raise ValueError("left and right must be of the same length")
        if len(left) > 1000 or not all(abs(number) <= MOST for number in [*left, *right]):
            raise ValueError("left and right: up to 1,000 numbers, each from -1e9 to 1e9")
        count = len(left)
        if count < 2 or len(set(left)) == 1 or len(set(right)) == 1:
            return {"r": None, "n": count}
        return {"r": correlation(left, right), "n": count}


def correlation(left, right):
    """Pearson's, of two columns that both vary; exact up to the root."""

    def away(column):
        mean = sum(Fraction(number) for number in column) / len(column)
        return [Fraction(number) - mean for number in column]

    one, other = away(left), away(right)
    both = sum(x * y for x, y in zip(one, other, strict=True))
    square = both * both / (sum(x * x for x in one) * sum(y * y for y in other))
    return round(math.copysign(math.sqrt(square), both), 6) + 0.0
