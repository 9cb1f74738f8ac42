"""Two at most are at one kind of work, and a ring that found them there is not missed."""

from jobs.worker.doors import Doors


def test_so_many_are_let_in_for_each_key() -> None:
    doors = Doors(2)
    assert [doors.enter("a") for _ in range(3)] == [True, True, False]
    assert doors.enter("b")


def test_who_was_turned_away_is_looked_for_once_more() -> None:
    doors = Doors(1)
    doors.enter("a")
    doors.enter("a")
    assert not doors.leave("a")
    assert not doors.enter("a")
    assert not doors.leave("a")
    assert doors.leave("a")
    assert doors.enter("a")


def test_nothing_is_kept_of_those_who_are_gone() -> None:
    doors = Doors(1)
    doors.enter("a")
    doors.enter("a")
    doors.rush_out("a")
    assert doors.enter("a")
    assert doors.leave("a")
