"""Finds a free room in a building's weekly calendar."""

import random
import time

from cog import BaseModel, BasePredictor, Input

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
ROOMS = ["attic", "cellar", "garden", "library"]


class Output(BaseModel):
    """The first free slot, or nulls where there is none."""

    room: str | None
    hour: int | None
    looked_at: int


class Predictor(BasePredictor):
    """A porter who knows a calendar by heart; learning it takes a second or two."""

    def setup(self) -> None:
        """Fill the calendar; Thursday is full in all rooms."""
        time.sleep(1.5)
        rng = random.Random(9)
        self.busy = {
            (day, room, hour)
            for day in DAYS
            for room in ROOMS
            for hour in range(8, 18)
            if day == "thursday" or rng.random() < 0.7
        }

    def predict(
        self,
        day: str = Input(description="Day of the week.", default="monday", choices=DAYS),
        hours: int = Input(
            description="Full hours in a row that must be free.", default=1, ge=1, le=10
        ),
        earliest: int = Input(
            description=(
                "Hour at which the slot may begin. Rooms close at 18, so that late slots may not "
                "be there: then room and hour are null."
            ),
            default=8,
            ge=0,
            le=23,
        ),
        room: str | None = Input(
            description="A room to look at alone, or none for all; unknown rooms are refused.",
            default=None,
        ),
    ) -> Output:
        """Take the earliest slot, and of several rooms the first by name."""
        if room is not None and room not in ROOMS:
            raise ValueError("rooms are " + ", ".join(ROOMS))
        looked_at = 0
        for hour in range(max(earliest, 8), 18 - hours + 1):
            for name in ROOMS if room is None else [room]:
                looked_at += 1
                if all((day, name, hour + more) not in self.busy for more in range(hours)):
                    return Output(room=name, hour=hour, looked_at=looked_at)
        return Output(room=None, hour=None, looked_at=looked_at)
