"""Two outputs, by what is in them: a function of two values."""

from itertools import islice
from typing import Any

from safepush.compare.difference import EXACT, USUAL, Difference, Tolerance
from safepush.compare.values import File, value_differences

__all__ = ["EXACT", "USUAL", "Difference", "File", "Tolerance", "compare"]

#: so many are told; there is more other than anybody reads
MAX_DIFFERENCES = 100


def compare(expected: Any, actual: Any, tolerance: Tolerance = EXACT) -> tuple[Difference, ...]:
    """How `actual` differs from `expected` by more than the tolerance covers.

    Both are JSON values, with `File` where an output is a file. Nothing is raised for content that
    is damaged or too large: that is a difference of its own, unless the bytes are the same.
    """
    differences = value_differences(expected, actual)
    return tuple(islice((one for one in differences if not tolerance.covers(one)), MAX_DIFFERENCES))
