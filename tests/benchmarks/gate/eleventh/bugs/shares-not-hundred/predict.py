"""Turns counted votes into shares."""

from dataclasses import dataclass

from cog import BaseModel, BasePredictor, Input

MOST = 10**9


class Share(BaseModel):
    """A choice and its share in percent."""

    label: str
    percent: float


@dataclass
class Count:
    """A choice and its votes."""

    label: str
    votes: int


def named(votes: list[int], labels: list[str]) -> list[Count]:
    """Give every count a name."""
    return [
        Count(labels[at] if at < len(labels) else f"Choice {at + 1}", count)
        for at, count in enumerate(votes)
    ]


def grouped(counts: list[Count], least: float) -> list[Count]:
    """Put the small ones together, at the end."""
    total = sum(count.votes for count in counts)
    large = [count for count in counts if count.votes * 100 / total >= least]
    rest = total - sum(count.votes for count in large)
    return [*large, Count("Other", rest)] if len(large) < len(counts) else large


class Predictor(BasePredictor):
    """Percentages of a vote."""

    def predict(
        self,
        votes: list[int] = Input(
            description="Votes for each choice, from 0 to 1000000000; not all of them 0.",
            default=[50, 30, 20],
        ),
        labels: list[str] = Input(
            description="Names of the choices; missing ones are numbered.",
            default=["North", "South", "West"],
        ),
        digits: int = Input(description="Digits after the point.", default=1, ge=0, le=3),
        group_below: float = Input(
            description="Choices with a smaller share are put together.", default=0, ge=0, le=50
        ),
    ) -> list[Share]:
        """The shares, which add up to exactly 100 in the digits that are shown."""
        if not all(0 <= count <= MOST for count in votes):
            raise ValueError("votes: each must be between 0 and 1000000000")
        total = sum(votes)
        if total == 0:
            raise ValueError("votes: at least one vote is needed")
        return [
            Share(label=count.label, percent=round(count.votes * 100 / total, digits))
            for count in grouped(named(votes, labels), group_below)
        ]
