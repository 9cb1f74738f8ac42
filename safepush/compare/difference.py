"""How two outputs differ, and how much of that is nothing to speak of."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One way in which an output is not what was expected.

    `kind` is a stable word. `amount` is how much, in the unit of the `Tolerance` field named by
    `metric`; without a metric no tolerance covers it.
    """

    place: str
    kind: str
    detail: str
    metric: str | None = None
    amount: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """What is still alike.

    number: difference of two numbers, as a part of the larger one (or of 1, where both are less).
    text: part of a text that is other, 0 to 1.
    block: largest mean difference of an 8 x 8 block of pixels, 0 to 255, alpha included.
    structure: 1 - SSIM of the worst 16 x 16 tile, 0 to 2.
    sound: largest mean difference of 1,024 samples, as a part of full scale.
    """

    number: float = 0.0
    text: float = 0.0
    block: float = 0.0
    structure: float = 0.0
    sound: float = 0.0

    def covers(self, difference: Difference) -> bool:
        """Whether a difference is nothing to speak of."""
        if difference.metric is None:
            return False
        limit: float = getattr(self, difference.metric)
        return difference.amount <= limit


EXACT = Tolerance()
#: what one and the same computation gives on another day or machine
USUAL = Tolerance(number=1e-6, block=10.0, structure=0.15, sound=1e-3)
