"""Counts answers with noise, so that nobody can tell whether a single person took part."""

import math
import random
from collections import Counter

from cog import BaseModel, BasePredictor, Input


class Count(BaseModel):
    answer: str
    count: int


def laplace(scale: float, source: random.Random) -> float:
    """Noise with heavy tails, from a source that cannot be foretold."""
    share = source.random() - 0.5
    return -scale * math.copysign(math.log(1 - 2 * min(abs(share), 0.5 - 1e-12)), share)


class Predictor(BasePredictor):
    def setup(self) -> None:
        """A seed would undo the protection, so there is none."""
        self.source = random.SystemRandom()

    def predict(
        self,
        answers: list[str] = Input(
            description="Answers of all people, up to 2000.",
            default=["yes", "no", "yes", "yes", "unsure"],
        ),
        options: list[str] = Input(
            description="Answers to count, 1 to 20 different ones, in this order; others are not "
            "counted.",
            default=["yes", "no", "unsure"],
        ),
        epsilon: float = Input(
            description="Smaller protects better and adds more noise. The noise is new with each "
            "request and cannot be repeated.",
            default=1.0,
            ge=0.05,
            le=10.0,
        ),
        allow_negative: bool = Input(
            description="Noise may lead below 0, which keeps sums right on average; if off, such "
            "counts are 0.",
            default=False,
        ),
    ) -> list[Count]:
        """Count, add noise and round."""
        if len(answers) > 2000:
            raise ValueError("at most 2000 answers")
        if not 1 <= len(options) <= 20 or len(set(options)) < len(options):
            raise ValueError("1 to 20 options, none twice")
        exact = Counter(answers)
        counts = []
        for option in options:
            noisy = round(exact[option] + laplace(1 / epsilon, self.source))
            counts.append(Count(answer=option, count=noisy if allow_negative else max(0, noisy)))
        return counts
