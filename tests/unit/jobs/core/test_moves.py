"""A move that its table has goes through; any other names what it tried."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest

from jobs.core.errors import Conflict, IllegalMove
from jobs.core.moves import Move, check


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


MOVES = {Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset({Door.OPEN, Door.LOCKED})}


def move(old: Door, new: Door) -> Move[Door]:
    return Move("door_1", old, new, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_move_of_the_table_is_given_back() -> None:
    allowed = move(Door.SHUT, Door.LOCKED)
    assert check(MOVES, allowed) is allowed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Door.OPEN, Door.LOCKED),
        (Door.OPEN, Door.OPEN),
        (Door.LOCKED, Door.OPEN),  # a state that the table does not name is an end
    ],
)
def test_another_is_refused_with_its_place(old: Door, new: Door) -> None:
    with pytest.raises(IllegalMove) as refused:
        check(MOVES, move(old, new))
    error = refused.value
    assert (error.id, error.old, error.new) == ("door_1", old.value, new.value)
    assert str(error) == f"door_1 is {old} and cannot become {new}"
    assert isinstance(error, Conflict)
