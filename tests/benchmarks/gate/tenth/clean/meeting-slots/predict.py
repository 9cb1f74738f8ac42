"""Finds free times in a day."""

import re

from cog import BaseModel, BasePredictor, Input

TIME = "([01]?[0-9]|2[0-4]):([0-5][0-9])"


class Slot(BaseModel):
    start: str
    end: str


class Output(BaseModel):
    count: int
    slots: list[Slot]
    free_minutes: int


def minutes(text: str, name: str) -> int:
    match = re.fullmatch(TIME, text.strip())
    total = int(match[1]) * 60 + int(match[2]) if match else 9999
    if total > 24 * 60:
        raise ValueError(f"{name}: times look like 09:30, up to 24:00")
    return total


def clock(total: int) -> str:
    return f"{total // 60:02d}:{total % 60:02d}"


class Predictor(BasePredictor):
    def gaps(self, start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
        found = []
        for low, high in sorted(taken):
            if low > start:
                found.append((start, min(low, end)))
            start = max(start, high)
            if start >= end:
                break
        if start < end:
            found.append((start, end))
        return found

    def predict(
        self,
        busy: list[str] = Input(
            description="Times that are taken, such as 09:00-10:30; in any order, may overlap.",
            default=["09:00-10:30", "12:00-13:00"],
        ),
        start: str = Input(description="Begin of the day (HH:MM)", default="08:00"),
        end: str = Input(description="End of the day (HH:MM)", default="17:00"),
        duration: int = Input(
            description="Length of the meeting in minutes", default=60, ge=5, le=1440
        ),
        buffer: int = Input(
            description="Minutes to keep free before and after what is taken",
            default=0,
            ge=0,
            le=240,
        ),
        step: int = Input(
            description="Meetings begin at multiples of this many minutes of the day",
            default=30,
            ge=1,
            le=240,
        ),
        limit: int = Input(description="Slots to list at most", default=10, ge=1, le=1500),
    ) -> Output:
        """Slots may overlap each other: each is one way to meet. `count` is all there are;
        `free_minutes` is what is neither taken nor buffer."""
        first, last = minutes(start, "start"), minutes(end, "end")
        if first >= last:
            raise ValueError("end must be after start")
        taken = []
        for text in busy:
            low, dash, high = text.partition("-")
            begin, stop = minutes(low, "busy"), minutes(high, "busy")
            if not dash or begin >= stop:
                raise ValueError("busy: each must end after it begins")
            taken.append((begin - buffer, stop + buffer))
        free = self.gaps(first, last, taken)
        slots = []
        for low, high in free:
            for begin in range(-(-low // step) * step, high - duration + 1, step):
                slots.append(Slot(clock(begin), clock(begin + duration)))
        return Output(len(slots), slots[:limit], sum(high - low for low, high in free))
