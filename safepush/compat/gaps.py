"""What is in one shape and not in another, as gaps that know where they are and a value in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from safepush.compat.shapes import Shape
from safepush.compat.values import accepts
from safepush.findings import NO_EXAMPLE

#: an example that lies deeper shows nothing that a reader would find in it
MAX_SHOWN_STEPS = 12


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One way in which values that are given would not be taken.

    `given` and `taken` are the two sides in words. The example is a whole value at the place where
    the gap is looked at from, so it grows on the way up. What is `by_values` follows from the
    values alone; the rest is what we hold to beside them, such as a default that changed.
    """

    name: str
    given: str
    taken: str
    steps: tuple[str, ...] = ()
    example: Any = NO_EXAMPLE
    by_values: bool = True

    def below(self, step: str, wrap: Callable[[Any], Any]) -> "Gap":
        """The same gap seen from one level up."""
        is_deep = len(self.steps) >= MAX_SHOWN_STEPS
        whole = NO_EXAMPLE if is_deep or self.example is NO_EXAMPLE else wrap(self.example)
        return replace(self, steps=(step, *self.steps), example=whole)

    def is_shown(self, given: Shape, taken: Shape) -> bool:
        """Whether the example is surely given and surely not taken."""
        if self.example is NO_EXAMPLE:
            return False
        return accepts(given, self.example) is True and accepts(taken, self.example) is False
