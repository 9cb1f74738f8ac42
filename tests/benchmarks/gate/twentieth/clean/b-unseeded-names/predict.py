"""Makes up names for ships."""

import random

from cog import BasePredictor, Input

FIRST = ["Amber", "Bold", "Early", "Gentle", "Golden", "Little", "Northern", "Quiet", "Silver"]
SECOND = ["Dawn", "Gull", "Harbour", "Lantern", "Otter", "Pilgrim", "Sparrow", "Tide", "Willow"]


class Predictor(BasePredictor):
    """A namer of ships."""

    def setup(self) -> None:
        """Pair all words."""
        self.names = [f"{first} {second}" for first in FIRST for second in SECOND]

    def predict(
        self,
        count: int = Input(
            description="How many names; no name comes twice in a list.",
            default=5,
            ge=1,
            le=len(FIRST) * len(SECOND),
        ),
        letter: str | None = Input(
            description=(
                "Names that begin with this letter come first, as far as there are any; left out "
                "or empty, all are alike. Only the first character counts."
            ),
            default=None,
        ),
        seed: int = Input(
            description="The same seed gives the same names; -1 draws new ones every time.",
            default=-1,
            ge=-1,
            le=2**31 - 1,
        ),
    ) -> list[str]:
        """Draw the names."""
        rng = random.Random(None if seed == -1 else seed)
        drawn = rng.sample(self.names, len(self.names))
        if letter:
            wanted = letter[0].upper()
            drawn.sort(key=lambda name: not name.startswith(wanted))
        return drawn[:count]
