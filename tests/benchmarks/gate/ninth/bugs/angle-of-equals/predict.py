"""Tells how alike two texts are."""

import math
from collections import Counter

from cog import BaseModel, BasePredictor, Input


class Likeness(BaseModel):
    """From 0 (nothing shared) to 1 (the same), and as an angle from 90 to 0 degrees."""

    similarity: float
    angle: float


def embedded(text, size):
    """Groups of letters with their part of the whole, of length one."""
    spaced = f" {' '.join(text.casefold().split())} "
    counts = Counter(spaced[at : at + size] for at in range(len(spaced) - size + 1))
    length = math.sqrt(sum(count * count for count in counts.values()))
    return {group: count / length for group, count in counts.items()}


class Predictor(BasePredictor):
    """Compares groups of letters, which forgives small slips."""

    def predict(
        self,
        first: str = Input(description="A text.", default="a cat sat", max_length=5000),
        second: str = Input(description="Another.", default="a bat sat", max_length=5000),
        size: int = Input(description="Letters in a group.", default=3, ge=1, le=5),
    ) -> Likeness:
        """Blanks and case do not count; a text too short for a group shares nothing."""
        one, other = embedded(first, size), embedded(second, size)
        cosine = sum((part * other.get(group, 0.0) for group, part in one.items()), start=0.0)
        return Likeness(
            similarity=round(min(cosine, 1.0), 6), angle=round(math.degrees(math.acos(cosine)), 4)
        )
