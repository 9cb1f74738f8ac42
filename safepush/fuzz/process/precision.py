"""How exact the numbers of an output are: a type of numbers that stays after the prediction that
asked for it gives nearly the same numbers, with more or fewer digits.
"""

from typing import Any

import numpy as np

from safepush.fuzz.promises.parts import is_number, leaves

#: what has no more digits than these may be rounded, and says nothing
ROUNDED = 6


def differs(one: Any, other: Any) -> bool:
    """Whether all numbers of one output are of 32 bits, and those of the other are not."""
    found = _is_single(one), _is_single(other)
    return None not in found and found[0] is not found[1]


def _is_single(output: Any) -> bool | None:
    """Whether 32 bits hold every number; None where there is none that tells."""
    told = [one for one in leaves(output) if is_number(one) and _tells(one)]
    with np.errstate(over="ignore"):
        return all(float(np.float32(one)) == one for one in told) if told else None


def _tells(number: float) -> bool:
    return np.isfinite(number) and number != round(number, ROUNDED)
