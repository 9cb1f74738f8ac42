"""Puts meetings into a working day at random, so that none overlap."""

import random

from cog import BasePredictor, Input

OPENS, CLOSES, GRID = 9 * 60, 17 * 60, 15


class Predictor(BasePredictor):
    """A planner of days from nine to five."""

    def predict(
        self,
        meetings: int = Input(description="How many meetings to place.", default=3, ge=1, le=12),
        minutes: int = Input(
            description="Length of each meeting.", default=30, choices=[15, 30, 45, 60, 90, 120]
        ),
        lunch: bool = Input(description="Keep twelve to one free.", default=True),
        seed: int = Input(
            description="The same seed gives the same plan.", default=17, ge=0, le=2**31 - 1
        ),
    ) -> list[str]:
        """Place the meetings and list them in order of time."""
        rng = random.Random(seed)
        taken = [(12 * 60, 13 * 60)] if lunch else []
        placed: list[tuple[int, int]] = []
        while len(placed) < meetings:
            start = rng.randrange(OPENS, CLOSES - minutes + 1, GRID)
            slot = (start, start + minutes)
            if all(slot[1] <= other[0] or slot[0] >= other[1] for other in taken):
                taken.append(slot)
                placed.append(slot)
        return [f"{self.clock(start)}-{self.clock(end)}" for start, end in sorted(placed)]

    def clock(self, minute: int) -> str:
        return f"{minute // 60:02d}:{minute % 60:02d}"
