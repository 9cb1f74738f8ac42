"""The one way any state changes: a move that its machine's table allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from jobs.core.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[S]):
    """One thing went from one state to another at one time."""

    id: str
    old: S
    new: S
    at: datetime


def check(moves: Mapping[S, frozenset[S]], move: Move[S]) -> Move[S]:
    """Return the move if the table has it.

    Raises:
        IllegalMove: the table has no such move.
    """
    if move.new not in moves.get(move.old, frozenset()):
        raise IllegalMove(move.id, str(move.old), str(move.new))
    return move
