"""Lots go to a host before it has nothing to do, and not long before."""

from collections.abc import Sequence
from typing import Any

import pytest

from jobs.adapters import feed as module
from jobs.adapters.feed import AHEAD_S, IN_FLIGHT, Feed


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


class More:
    """So many times two rows; how often it was asked."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.asked = 0

    def __call__(self) -> Sequence[Any]:
        self.asked += 1
        self.left -= 1
        return [1, 2] if self.left >= 0 else []


def lots(feed: Feed) -> list[int]:
    """The rows of each lot that is due now."""
    return [len(lot) for lot in feed.due()]


def test_what_is_known_is_given_at_once_as_far_as_it_goes() -> None:
    feed = Feed(range(10), tuple, 4, bool)
    assert lots(feed) == [4, 4, 2]
    assert not feed.is_due
    for rows in (4, 4, 2):
        assert feed.is_flying
        feed.answered(rows, ends=True)
    assert not feed.is_flying

    many = Feed(range(100), tuple, 4, bool)
    assert len(lots(many)) == IN_FLIGHT
    many.answered(4, ends=True)
    assert lots(many) == [4]


def test_what_comes_later_is_asked_for_shortly_before_it_is_needed(clock: Clock) -> None:
    more = More(9)
    feed = Feed(range(2), more, 4, bool)
    assert lots(feed) == [2]
    assert more.asked == 0, "nobody knows yet how long rows take"
    clock.now += 2
    feed.answered(2, ends=True)  # a second each
    assert lots(feed) == [2], "there would be nothing to do"
    clock.now += 2 - 1.1 * AHEAD_S
    assert not feed.is_due
    clock.now += 0.2 * AHEAD_S
    assert lots(feed) == [2]
    assert more.asked == 2


def test_by_the_pace_of_the_rows_before_one_lot_more_is_given_in_time(clock: Clock) -> None:
    more = More(9)
    feed = Feed(range(2), more, 4, bool, row_s=1.0)
    assert lots(feed) == [2]
    clock.now += 2 - 0.9 * AHEAD_S
    assert lots(feed) == [2]
    clock.now += 100
    assert not feed.is_due, "these take longer, and nobody knows how long"
    feed.answered(2, ends=True)
    assert feed.row_s == pytest.approx((102 - 0.9 * AHEAD_S) / 2)
    assert not feed.is_due


def test_of_rows_that_cost_nothing_many_lots_are_under_way(clock: Clock) -> None:
    feed = Feed(range(2), More(99), 4, bool)
    lots(feed)
    clock.now += AHEAD_S / 100
    feed.answered(2, ends=True)
    assert len(lots(feed)) == IN_FLIGHT


def test_a_lot_may_be_answered_in_parts(clock: Clock) -> None:
    feed = Feed(range(4), More(9), 4, bool)
    lots(feed)
    clock.now += 1
    feed.answered(1, ends=False)
    assert feed.is_flying
    assert not feed.is_due, "three rows are left, of a second each"
    clock.now += 3
    feed.answered(3, ends=True)
    assert not feed.is_flying


def test_nothing_is_due_once_there_is_no_more_or_it_is_cancelled() -> None:
    cancelled, more = [False], More(1)
    feed = Feed([], more, 4, lambda: cancelled[0])
    assert lots(feed) == []
    feed = Feed([1], more, 4, lambda: cancelled[0])
    assert lots(feed) == [1]
    cancelled[0] = True
    feed.answered(1, ends=True)
    assert lots(feed) == []
    assert more.asked == 0
    cancelled[0] = False
    assert lots(feed) == [2]
    feed.answered(2, ends=True)
    assert lots(feed) == []
    assert not feed.is_due
