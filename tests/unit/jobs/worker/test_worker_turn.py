"""A turn of many rows is read bit by bit, and ends early where others wait."""

from typing import Any

import pytest

from jobs.worker.ahead import PIECE_BYTES, PIECE_ROWS, Plain
from jobs.worker.leases import Lease
from jobs.worker.turn import LONGEST, WHOLE_ROWS, Turn
from tests.unit.jobs.worker.test_worker_ahead import Numbers, numbers

MANY = WHOLE_ROWS + 5 * PIECE_ROWS


class Others:
    """Somebody waits, or nobody does."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted

    def is_wanted(self) -> bool:
        """As was said."""
        return self.wanted


def a_turn(rows: Any, most: int, lease: Lease | None = None, others: Others | None = None) -> Turn:
    return Turn(Plain(rows), most, lease or Lease(lambda: "go"), others or Others(wanted=True))


def test_a_turn_goes_on_a_while_as_long_as_nobody_else_waits() -> None:
    others = Others(wanted=False)
    turn = a_turn(Numbers(100 * LONGEST + 50), 100, others=others)
    given = numbers(turn.given)
    while some := turn.more():
        given += numbers(some)
    assert given == list(range(100 * LONGEST))

    turn = a_turn(Numbers(1000), 100, others=others)
    assert len(turn.more()) == 100
    others.wanted = True
    assert not turn.more()
    assert (turn.rows, turn.asked) == (200, 100)


def test_few_rows_are_given_at_once() -> None:
    turn = a_turn(Numbers(MANY), WHOLE_ROWS)
    assert numbers(turn.given) == list(range(WHOLE_ROWS))
    assert not turn.more()


@pytest.mark.parametrize("count", [PIECE_ROWS, MANY - 1, MANY, 2 * MANY])
def test_many_are_read_as_there_is_room_for_them(count: int) -> None:
    rows = Numbers(count)
    turn = a_turn(rows, MANY)
    given = numbers(turn.given)
    assert len(given) == PIECE_ROWS == count - len(rows.left)
    settled: list[int] = []
    while some := turn.more():
        assert len(some) <= PIECE_ROWS
        given += numbers(some)
        settled += numbers([ref.input for ref in turn.settled(1000)])
    settled += numbers([ref.input for ref in turn.settled(count)])
    assert given == settled == list(range(min(count, MANY)))
    assert turn.rows == len(given)


def test_large_rows_come_in_small_pieces() -> None:
    turn = a_turn(Numbers(100, weight=PIECE_BYTES / 4), MANY)
    assert len(turn.more()) == 5


@pytest.mark.parametrize("told", ["pause", "stop", "lost"])
def test_no_more_are_given_once_the_turn_is_to_end(told: str) -> None:
    lease = Lease(lambda: "go")
    turn = a_turn(Numbers(MANY), MANY, lease)
    assert turn.more()
    getattr(lease, told).set()
    assert not turn.more()
    assert len(turn.settled(MANY)) == turn.rows == 2 * PIECE_ROWS
