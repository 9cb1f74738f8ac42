"""Splits costs between people, one ledger at a time."""

import asyncio

from cog import BaseModel, BasePredictor, Input

MOST, LARGEST = 100, 10**9


class Part(BaseModel):
    """What one person pays, in cents."""

    person: str
    cents: int


def evenly(total: int, weights: list[int]) -> list[int]:
    """Whole cents by weight; the first ones pay what is left over."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    for at in range(total - sum(parts)):
        parts[at % len(parts)] += 1
    return parts


class Ledger:
    """The sheet that costs are written on."""

    def __init__(self) -> None:
        self.free = asyncio.Lock()
        self.lines: list[int] = []

    async def open(self) -> None:
        """Wait until nobody writes, and begin a clean page."""
        await self.free.acquire()
        self.lines.clear()

    def add(self, cents: int) -> None:
        """Write a line."""
        if not 0 <= cents <= LARGEST:
            raise ValueError("amounts: each must be between 0 and 1000000000 cents")
        self.lines.append(cents)

    def close(self) -> int:
        """The sum; the ledger is free again."""
        total = sum(self.lines)
        self.free.release()
        return total


class Predictor(BasePredictor):
    """Splits the sum of amounts."""

    async def setup(self) -> None:
        """Lay the ledger out."""
        self.ledger = Ledger()

    async def predict(
        self,
        amounts: list[int] = Input(
            description="At most 100 costs in cents; negative ones are refused.",
            default=[1250, 399, 2100],
        ),
        people: list[str] = Input(
            description="Who pays; at least one.", default=["first", "second", "third"]
        ),
        first_weight: int = Input(
            description="How many parts the first one pays.", default=1, ge=1, le=10
        ),
        tip: int = Input(description="Added in percent, rounded down.", default=0, ge=0, le=50),
    ) -> list[Part]:
        """What everybody pays; together it is the whole sum."""
        if not people or len(amounts) > MOST or len(people) > MOST:
            raise ValueError("people and amounts: at least one person, at most 100 of each")
        await self.ledger.open()
        for cents in amounts:
            self.ledger.add(cents)
        total = self.ledger.close()
        total += total * tip // 100
        weights = [first_weight] + [1] * (len(people) - 1)
        parts = evenly(total, weights)
        return [Part(person=who, cents=part) for who, part in zip(people, parts, strict=True)]
